import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rowOf } from '../../test/faults/rows/rows.ts';
import { takeTurns } from '../frame/turns.ts';
import type { Case, CaseContext, Goal, RunningSubject } from '../frame/types.ts';
import { beginTurns, type TurnsUnderWay } from '../world/fault-turns.ts';
import { startMirrors, type Mirrors } from '../world/mirrors.ts';
import { runOpenLoop, type OpenLoopResult } from '../world/open-loop.ts';
import { steadyPaths } from '../world/steady-paths.ts';
import { askedIn } from '../world/traffic.ts';
import { Failures, retire } from './go-turn.ts';

const LATENCY_MS = 40;
const RATE_PER_SECOND = 100;
const MODULES = 200;
/** Between the .mod and the .info of one version: a second of this load. */
const INFO_AFTER = RATE_PER_SECOND;
const SEED = 20_240_909;
const SETTLE_MS = 1000;

function atMostThreeTimes(measure: string, words: string): Goal {
  return { measure, of: 'slow', reference: { kind: 'ratio', to: 'healthy' }, op: '<=', value: 3, words };
}

/** A mirror that answers everything, rightly and late. */
export const SLOW_MIRROR: Case = {
  number: 9,
  title: '100 requests a second for metadata, one mirror of three 1.2 s slow',
  needs: [],
  wants: ['rondo'],
  contestants: { healthy: 'three good mirrors', slow: 'one of three 1.2 s slow' },
  measures: [
    { key: 'p99', words: 'p99 of latency', unit: 'ms' },
    { key: 'p99-mod', words: 'p99 of .mod alone', unit: 'ms' },
    { key: 'p50', words: 'median of latency', unit: 'ms' },
    { key: 'max', words: 'greatest latency', unit: 'ms' },
    { key: 'attempts', words: 'upstream attempts a request', unit: '1' },
    { key: 'slow-share', words: 'attempts at the first mirror', unit: '%' },
    { key: 'failed', words: 'requests that failed', unit: '%' },
  ],
  goals: [
    atMostThreeTimes('p99', 'p99 of metadata <= 3x healthy'),
    atMostThreeTimes('p99-mod', 'p99 of .mod alone <= 3x healthy'),
    {
      measure: 'attempts',
      of: 'slow',
      reference: { kind: 'value' },
      op: '<=',
      value: 1.06,
      words: 'attempts a request <= 1.06',
    },
    {
      measure: 'failed',
      of: 'slow',
      reference: { kind: 'value' },
      op: '<=',
      value: 0,
      every: true,
      words: 'no request fails',
    },
  ],
  conditions: [
    'An open loop of Poisson arrivals out of a process of its own, 60 s a turn; latency counts from the moment at which a request was due. 200 modules; each version is new: first its .mod, and a second later its .info, as go asks them.',
    'Three mirrors, every answer 40 ms after its request. The first one is 1.2 s slower from before the load begins until after it, to health checks too. Each turn has a Rondo that was just started.',
    'Attempts: requests of all mirrors for files that the load asks for, those included that Rondo asks for before go does; health checks and canaries are none.',
    'Where Rondo asks for the .info early, the load finds it in the copy; that is why the .mod files are judged alone too. GOSUMDB=off.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  const mirrors = await startMirrors(
    { count: 3, content: { kind: 'any-module' }, distance: { latencyMs: LATENCY_MS } },
    context.cleanup,
  );
  const failures = new Failures(context);
  await takeTurns(['healthy', 'slow'], context.runs, context.signal, (contestant, run) =>
    failures.attempt(contestant, async () => {
      context.progress(`run ${run + 1} of ${context.runs}: ${contestant}`);
      await oneTurn(context, mirrors, { contestant, run });
    }),
  );
}

type Turn = { readonly contestant: string; readonly run: number };

async function oneTurn(context: CaseContext, mirrors: Mirrors, turn: Turn): Promise<void> {
  const { contestant, run } = turn;
  let running: RunningSubject | undefined;
  let turns: TurnsUnderWay | undefined;
  try {
    const folder = join(context.folder, `${contestant}-${run}`);
    running = await context.subject('rondo')?.start({ upstreams: mirrors.urls, folder }, context.cleanup);
    if (running === undefined) return;
    if (contestant === 'slow') turns = await beginTurns(rowOf('slow').turns, mirrors);
    await sleep(SETTLE_MS);
    await mirrors.takeTraffic();
    const before = running.usage();
    const durationMs = context.quick ? 15_000 : 60_000;
    const result = await runOpenLoop(
      {
        baseUrl: running.url,
        // A Poisson process brings more than the mean now and then.
        paths: steadyPaths({
          count: (durationMs / 1000) * RATE_PER_SECOND * 1.2,
          modules: MODULES,
          infoAfter: INFO_AFTER,
          seed: SEED,
        }),
        ratePerSecond: RATE_PER_SECOND,
        durationMs,
        seed: SEED + run,
        connections: 'kept',
      },
      context.cleanup,
    );
    context.recordUsage({ contestant, phase: 'load', run }, before, running.usage());
    await recordLoad(context, mirrors, turn, result);
  } finally {
    await turns?.end();
    await retire(running);
  }
}

async function recordLoad(
  context: CaseContext,
  mirrors: Mirrors,
  { contestant, run }: Turn,
  { latency, byKind, answers, errors, lag }: OpenLoopResult,
): Promise<void> {
  for (const [words, count] of Object.entries(errors)) context.note(`${contestant}: ${count}x ${words}`);
  // The last versions' .info files are asked for early and then not by the load: it has ended.
  const wanted = new Set(answers.map(({ path }) => path));
  const asked = askedIn(await mirrors.takeTraffic()).filter(({ path }) => wanted.has(path));
  const record = (measure: string, value: number): void =>
    context.record({ measure, contestant, run, value });
  record('p50', latency.p50);
  record('p99', latency.p99);
  record('p99-mod', byKind['mod']?.p99 ?? Number.NaN);
  record('max', latency.max);
  record('attempts', asked.length / answers.length);
  record('slow-share', (asked.filter(({ mirror }) => mirror === 0).length / asked.length) * 100);
  record('failed', (1 - latency.count / answers.length) * 100);
  context.progress(`the generator was late by ${lag.p99.toFixed(1)} ms at most in 99% of requests`);
}
