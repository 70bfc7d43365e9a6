/** The program of the load's process: see open-loop.ts. */
import { Agent, request as requestPlain } from 'node:http';
import { Agent as TlsAgent, request as requestTls } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { poissonArrivals } from './arrivals.ts';
import { obeyParent } from './child-program.ts';
import { summariseLatencies } from './latencies.ts';
import type { OpenLoop, OpenLoopResult } from './open-loop.ts';

const ANSWER_LIMIT_MS = 30_000;

/** Resolves with the status once the last byte has come. */
type Ask = (path: string) => Promise<number>;

type Taken = { readonly kind: string; readonly latencyMs: number };

obeyParent(async (load: OpenLoop): Promise<OpenLoopResult> => {
  const { ask, close } = client(load);
  const taken: Taken[] = [];
  const lags: number[] = [];
  const errors: Record<string, number> = {};
  const once = async (path: string, dueMs: number): Promise<void> => {
    lags.push(performance.now() - dueMs);
    try {
      const status = await ask(path);
      if (status !== 200) throw new Error(`status ${status}`);
      taken.push({ kind: /[^./]*$/.exec(path)?.[0] ?? '', latencyMs: performance.now() - dueMs });
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      errors[words] = (errors[words] ?? 0) + 1;
    }
  };
  const startMs = performance.now() + 10;
  const running: Promise<void>[] = [];
  const due = poissonArrivals(load.ratePerSecond, load.durationMs, seededRandom(load.seed));
  for (const [index, afterMs] of due.entries()) {
    const dueMs = startMs + afterMs;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    running.push(once(load.paths[index % load.paths.length] ?? '/', dueMs));
  }
  await Promise.all(running);
  close();
  return { ...summarise(taken), lag: summariseLatencies(lags), errors };
});

function summarise(taken: readonly Taken[]): Pick<OpenLoopResult, 'latency' | 'byKind'> {
  const of = (some: readonly Taken[]) => summariseLatencies(some.map(({ latencyMs }) => latencyMs));
  const kinds = Map.groupBy(taken, ({ kind }) => kind);
  return {
    latency: of(taken),
    byKind: Object.fromEntries([...kinds].map(([kind, some]) => [kind, of(some)])),
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
    new Promise((resolve, reject) => {
      const sent = request(`${load.baseUrl}${path}`, { agent, timeout: ANSWER_LIMIT_MS, ...trust });
      sent.on('response', (response) => {
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', reject);
        response.resume();
      });
      sent.on('timeout', () => sent.destroy(new Error('no answer')));
      sent.on('error', reject);
      sent.end();
    });
  return { ask, close: () => agent.destroy() };
}
