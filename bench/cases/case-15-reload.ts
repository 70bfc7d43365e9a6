import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetchRaw } from '../../test/support/http-client.ts';
import { summarise } from '../frame/statistics.ts';
import { takeTurns } from '../frame/turns.ts';
import type { Case, CaseContext, RunningSubject } from '../frame/types.ts';
import { startMirrors } from '../world/mirrors.ts';
import { runOpenLoop } from '../world/open-loop.ts';
import { retire } from './go-turn.ts';
import { warmUp } from './warm-world.ts';

const LOAD = {
  whole: { ratePerSecond: 5000, durationMs: 30_000 },
  quick: { ratePerSecond: 1000, durationMs: 5000 },
} as const;
/** A generator that falls behind must not run out of files: those errors would not be Rondo's. */
const MAX_CONNECTIONS = 256;
const RELOAD_EVERY_MS = 1000;
const WARM_FILES = 200;
const SEED = 20_240_315;
/** Nobody waits longer for a reload to count. */
const LIMIT_MS = 10_000;

const RELOADING = 'reloading';
const STILL = 'still';

/** Another configuration every second, under a load of warm files. */
export const RELOAD: Case = {
  number: 15,
  title: 'the configuration read again every second, under 5000 requests a second',
  needs: [],
  wants: ['rondo'],
  contestants: { [STILL]: 'Rondo, the same load and no reload', [RELOADING]: 'Rondo, a reload a second' },
  measures: [
    { key: 'errors', words: 'requests that failed', unit: '1' },
    {
      key: 'effective',
      words: 'longest time from the order to the first answer that comes of it',
      unit: 'ms',
    },
    {
      key: 'effective-median',
      words: 'median time from the order to the first answer that comes of it',
      unit: 'ms',
    },
    { key: 'answered', words: 'longest time from the order to its answer', unit: 'ms' },
    { key: 'latency-p99', words: 'p99 of latency', unit: 'ms' },
  ],
  goals: [
    {
      measure: 'errors',
      of: RELOADING,
      reference: { kind: 'value' },
      op: '<=',
      value: 0,
      every: true,
      words: '0 errors, in every run',
    },
    {
      measure: 'effective',
      of: RELOADING,
      reference: { kind: 'value' },
      op: '<=',
      value: 50,
      words: 'effective <= 50 ms, the longest of a run',
    },
  ],
  conditions: [
    `An open loop of Poisson arrivals out of a process of its own, ${LOAD.whole.ratePerSecond} a second for 30 s over up to ${MAX_CONNECTIONS} connections, of ${WARM_FILES} .mod files that the copy has; latency counts from the moment at which a request was due. One log line a request.`,
    'Meanwhile, once a second, the file names the other one of two mirrors, is replaced by renaming, and POST /-/api/reload orders it to be read. One request after the other asks for a file that the copy does not have: the reload counts from the moment at which the first of them comes back from the new mirror.',
    'A file that changes without an order is read once it has been at rest for 0.2 s.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  const { urls } = await startMirrors(
    { count: 2, content: { kind: 'any-module' }, distance: { latencyMs: 0 } },
    context.cleanup,
  );
  await takeTurns([STILL, RELOADING], context.runs, context.signal, async (contestant, run) => {
    context.progress(`run ${run + 1} of ${context.runs}: ${contestant}`);
    await oneTurn(context, { urls, contestant, run });
  });
}

type Turn = { readonly urls: readonly string[]; readonly contestant: string; readonly run: number };

async function oneTurn(context: CaseContext, { urls, contestant, run }: Turn): Promise<void> {
  const folder = join(context.folder, `${contestant}-${run}`);
  const file = join(folder, 'config', 'rondo', '.goproxy');
  putConfig(file, urls, 0);
  let running: RunningSubject | undefined;
  try {
    // The chain of the file counts where there is none in the environment.
    const env = { GOPROXY: '', XDG_CONFIG_HOME: join(folder, 'config') };
    running = await context.subject('rondo')?.start({ upstreams: urls, folder, env }, context.cleanup);
    if (running === undefined) return;
    const { url } = running;
    const paths = Array.from(
      { length: WARM_FILES },
      (_, index) => `/example.com/warm/m${index}/@v/v1.0.0.mod`,
    );
    for (const path of paths) await warmUp(url, path);
    const load = context.quick ? LOAD.quick : LOAD.whole;
    const before = running.usage();
    const over = new AbortController();
    const reloading = contestant === RELOADING ? reloadAgain(url, file, urls, over.signal) : undefined;
    // Told below; the load goes on to its end.
    reloading?.catch(() => undefined);
    const result = await runOpenLoop(
      {
        ...load,
        baseUrl: url,
        paths,
        seed: SEED + run,
        connections: 'kept',
        maxConnections: MAX_CONNECTIONS,
      },
      context.cleanup,
    ).finally(() => over.abort());
    context.recordUsage({ contestant, phase: 'load', run }, before, running.usage());
    const record = (measure: string, value: number): void =>
      context.record({ measure, contestant, run, value });
    const reloads = (await reloading) ?? [];
    const errors = Object.entries(result.errors);
    for (const [words, count] of errors) context.note(`${contestant}: ${count}x ${words}`);
    const failed = reloads.reduce((sum, reload) => sum + reload.failed, 0);
    record(
      'errors',
      errors.reduce((sum, [, count]) => sum + count, failed),
    );
    record('latency-p99', result.latency.p99);
    context.progress(`the generator was late by ${result.lag.p99.toFixed(1)} ms at most in 99% of requests`);
    if (reloading === undefined) return;
    context.progress(`${reloads.length} reloads`);
    const effective = summarise(reloads.map(({ effectiveMs }) => effectiveMs));
    record('effective', effective?.max ?? NaN);
    record('effective-median', effective?.median ?? NaN);
    record('answered', Math.max(...reloads.map(({ answeredMs }) => answeredMs)));
  } finally {
    await retire(running);
  }
}

/** What one reload came to; `failed`: requests for what the copy does not have. */
type Reload = { readonly effectiveMs: number; readonly answeredMs: number; readonly failed: number };

async function reloadAgain(
  url: string,
  file: string,
  urls: readonly string[],
  over: AbortSignal,
): Promise<Reload[]> {
  const agent = new Agent({ keepAlive: true });
  const reloads: Reload[] = [];
  for (let nth = 1; ; nth += 1) {
    await sleep(RELOAD_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) break;
    putConfig(file, urls, nth % urls.length);
    reloads.push(await reloadOnce(url, nth, urls, agent));
  }
  agent.destroy();
  return reloads;
}

async function reloadOnce(url: string, nth: number, urls: readonly string[], agent: Agent): Promise<Reload> {
  const startMs = performance.now();
  let failed = 0;
  const order = fetchRaw(`${url}/-/api/reload`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  }).then(({ status, body }) => {
    if (status !== 200) throw new Error(`the order to reload: ${status} ${body.toString()}`);
    return performance.now() - startMs;
  });
  let effectiveMs = Infinity;
  for (let count = 0; effectiveMs === Infinity; count += 1) {
    if (performance.now() - startMs > LIMIT_MS)
      throw new Error(`a reload does not count after ${LIMIT_MS / 1000} s`);
    const answer = await fetchRaw(`${url}/example.com/cold/r${nth}/m${count}/@v/v1.0.0.mod`, { agent });
    if (answer.status !== 200) failed += 1;
    if (answer.headers['x-rondo-mirror'] === nameOf(nth % urls.length))
      effectiveMs = performance.now() - startMs;
  }
  return { effectiveMs, answeredMs: await order, failed };
}

function nameOf(mirror: number): string {
  return `mirror-${mirror}`;
}

/** Replaces the file by one that names this mirror alone. */
function putConfig(file: string, urls: readonly string[], mirror: number): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `[mirror "${nameOf(mirror)}"]\nurl = ${urls[mirror]}\n`);
  renameSync(`${file}.new`, file);
}
