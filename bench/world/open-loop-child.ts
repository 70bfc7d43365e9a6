/** The program of the load's process: see open-loop.ts. */
import { createHash } from 'node:crypto';
import { Agent, request as requestPlain, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as requestTls } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answered } from '../../test/faults/rows/figures.ts';
import { sortedLines } from '../../test/faults/rows/sorted-lines.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { poissonArrivals } from './arrivals.ts';
import { obeyParent } from './child-program.ts';
import { epochMs } from './epoch.ts';
import { summariseLatencies } from './latencies.ts';
import { openContent, type MirrorContent } from './mirror-files.ts';
import type { OpenLoop, OpenLoopAnswer, OpenLoopResult } from './open-loop.ts';

const PATIENCE_MS = 30_000;
/** In characters, of what an answer says that is no file. */
const LONGEST_WORDS = 300;

type End = Pick<Answered, 'ending' | 'status' | 'said'>;

/** An end, with what came where somebody wants to see it. */
type Received = End & { readonly body?: Buffer };

/** Resolves once the last byte has come, or nothing more will. */
type Ask = (path: string) => Promise<Received>;

obeyParent(async (load: OpenLoop): Promise<OpenLoopResult> => {
  const { ask, close } = client(load);
  const isRight = load.content === undefined ? undefined : await createComparison(load.content);
  if (load.connections === 'all') await openAll(load, ask);
  const answers: OpenLoopAnswer[] = [];
  const lags: number[] = [];
  const startedAtMs = epochMs() + 10;
  const now = (): number => epochMs() - startedAtMs;
  const once = async (path: string, dueMs: number): Promise<void> => {
    lags.push(now() - dueMs);
    const { body, ending, ...end } = await ask(path);
    const tookMs = now() - dueMs;
    // What it takes to compare is nobody's time but the client's.
    const isWrong =
      ending === 'right' && isRight !== undefined && !(await isRight(path, body ?? Buffer.alloc(0)));
    const judged = isWrong ? ({ ending: 'wrong', said: 'other bytes' } as const) : { ending };
    answers.push({ path, dueMs, tookMs, ...end, ...judged });
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

/** What is asked beside others opens a connection of its own. */
async function openAll({ maxConnections = 0, paths: [path = '/'] }: OpenLoop, ask: Ask): Promise<void> {
  await Promise.all(Array.from({ length: maxConnections }, () => ask(path)));
}

/** Says whether a body is the right one for its path. What is right is kept as a hash. */
async function createComparison(
  content: MirrorContent,
): Promise<(path: string, body: Buffer) => Promise<boolean>> {
  const opened = await openContent(content);
  const rights = new Map<string, string>();
  return async (path, body) => {
    const right = rights.get(path) ?? hashOf(path, (await opened.answer(path)).body);
    rights.set(path, right);
    return hashOf(path, body) === right;
  };
}

function hashOf(path: string, body: Buffer): string {
  const bytes = path.endsWith('/@v/list') ? sortedLines(body.toString()) : body;
  return createHash('sha256').update(bytes).digest('base64');
}

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
  const scheduling = load.connections === 'all' ? 'fifo' : 'lifo';
  const keepAlive = load.connections !== 'fresh';
  const kept = { keepAlive, maxSockets, maxFreeSockets: Infinity, scheduling } as const;
  // A session that is taken up again would be reuse too.
  const agent = isTls ? new TlsAgent({ ...kept, maxCachedSessions: 0 }) : new Agent(kept);
  const trust = load.caPem === undefined ? {} : { ca: load.caPem };
  const ask: Ask = (path) =>
    new Promise((resolve) => {
      let status = 0;
      const end = (ending: End['ending'], said: string, body?: Buffer): void => {
        clearTimeout(patience);
        resolve({ ending, status, said, ...(body && { body }) });
      };
      const sent = request(`${load.baseUrl}${path}`, { agent, ...trust });
      const patience = setTimeout(() => sent.destroy(new Error('no answer')), PATIENCE_MS);
      sent.on('response', (response) => {
        status = response.statusCode ?? 0;
        receive(response, load.content !== undefined, end);
      });
      // After the headers the response tells it as well, and earlier.
      sent.on('error', (error) => end('unanswered', error.message));
      sent.end();
    });
  return { ask, close: () => agent.destroy() };
}

function receive(
  response: IncomingMessage,
  keeps: boolean,
  end: (ending: End['ending'], said: string, body?: Buffer) => void,
): void {
  const { statusCode = 0 } = response;
  const pieces: Buffer[] = [];
  if (keeps) response.on('data', (piece: Buffer) => pieces.push(piece));
  response.on('error', (error) => end('cut', error.message));
  response.on('end', () => {
    if (statusCode === 200 && response.complete)
      return end('right', '', keeps ? Buffer.concat(pieces) : undefined);
    if (statusCode === 200) return end('cut', 'short');
    const words = Buffer.concat(pieces).toString().slice(0, LONGEST_WORDS).trim();
    const isAbsent = statusCode === 404 || statusCode === 410;
    return end(isAbsent ? 'not-found' : 'failed', `status ${statusCode}${words && `: ${words}`}`);
  });
  response.resume();
}
