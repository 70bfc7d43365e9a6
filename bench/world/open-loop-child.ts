/** The program of the load's process: see open-loop.ts. */
import { Agent, request as requestPlain, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as requestTls } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answered } from '../../test/faults/rows/figures.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { poissonArrivals } from './arrivals.ts';
import { obeyParent } from './child-program.ts';
import { epochMs } from './epoch.ts';
import { summariseLatencies } from './latencies.ts';
import type { OpenLoop, OpenLoopAnswer, OpenLoopResult } from './open-loop.ts';

const PATIENCE_MS = 30_000;

type End = Pick<Answered, 'ending' | 'status' | 'said'>;

/** Resolves once the last byte has come, or nothing more will. */
type Ask = (path: string) => Promise<End>;

obeyParent(async (load: OpenLoop): Promise<OpenLoopResult> => {
  const { ask, close } = client(load);
  const answers: OpenLoopAnswer[] = [];
  const lags: number[] = [];
  const startedAtMs = epochMs() + 10;
  const now = (): number => epochMs() - startedAtMs;
  const once = async (path: string, dueMs: number): Promise<void> => {
    lags.push(now() - dueMs);
    const end = await ask(path);
    answers.push({ path, dueMs, tookMs: now() - dueMs, ...end });
  };
  const running: Promise<void>[] = [];
  const due = poissonArrivals(load.ratePerSecond, load.durationMs, seededRandom(load.seed));
  for (const [index, dueMs] of due.entries()) {
    const waitMs = dueMs - now();
    if (waitMs > 0) await sleep(waitMs);
    running.push(once(load.paths[index % load.paths.length] ?? '/', dueMs));
  }
  await Promise.all(running);
  close();
  return { startedAtMs, answers, ...summarise(answers), lag: summariseLatencies(lags) };
});

function summarise(
  answers: readonly OpenLoopAnswer[],
): Pick<OpenLoopResult, 'latency' | 'byKind' | 'errors'> {
  const of = (some: readonly OpenLoopAnswer[]) => summariseLatencies(some.map(({ tookMs }) => tookMs));
  const right = answers.filter(({ ending }) => ending === 'right');
  const wrong = answers.filter(({ ending }) => ending !== 'right');
  const kinds = Map.groupBy(right, ({ path }) => /[^./]*$/.exec(path)?.[0] ?? '');
  const troubles = Map.groupBy(wrong, ({ said }) => said);
  return {
    latency: of(right),
    byKind: Object.fromEntries([...kinds].map(([kind, some]) => [kind, of(some)])),
    errors: Object.fromEntries([...troubles].map(([said, some]) => [said, some.length])),
  };
}

function client(load: OpenLoop): { readonly ask: Ask; readonly close: () => void } {
  const isTls = load.baseUrl.startsWith('https:');
  const request = isTls ? requestTls : requestPlain;
  const maxSockets = load.maxConnections ?? Infinity;
  const kept = { keepAlive: load.connections === 'kept', maxSockets, maxFreeSockets: Infinity };
  // A session that is taken up again would be reuse too.
  const agent = isTls ? new TlsAgent({ ...kept, maxCachedSessions: 0 }) : new Agent(kept);
  const trust = load.caPem === undefined ? {} : { ca: load.caPem };
  const ask: Ask = (path) =>
    new Promise((resolve) => {
      let status = 0;
      const end = (ending: End['ending'], said: string): void => {
        clearTimeout(patience);
        resolve({ ending, status, said });
      };
      const sent = request(`${load.baseUrl}${path}`, { agent, ...trust });
      const patience = setTimeout(() => sent.destroy(new Error('no answer')), PATIENCE_MS);
      sent.on('response', (response) => {
        status = response.statusCode ?? 0;
        receive(response, end);
      });
      // After the headers the response tells it as well, and earlier.
      sent.on('error', (error) => end('unanswered', error.message));
      sent.end();
    });
  return { ask, close: () => agent.destroy() };
}

function receive(response: IncomingMessage, end: (ending: End['ending'], said: string) => void): void {
  const { statusCode = 0 } = response;
  response.on('error', (error) => end('cut', error.message));
  response.on('end', () => {
    if (statusCode === 200) end(response.complete ? 'right' : 'cut', response.complete ? '' : 'short');
    else end(statusCode === 404 || statusCode === 410 ? 'not-found' : 'failed', `status ${statusCode}`);
  });
  response.resume();
}
