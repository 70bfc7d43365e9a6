import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { figuresOf } from '../../test/faults/rows/figures.ts';
import type { Fault } from '../../test/support/mirror-fault.ts';
import { takeTurns } from '../frame/turns.ts';
import type { Case, CaseContext, Goal, RunningSubject } from '../frame/types.ts';
import { startMirrors, type Mirrors } from '../world/mirrors.ts';
import { runOpenLoop, type OpenLoopResult } from '../world/open-loop.ts';
import { settledAfterMs } from '../world/settled.ts';
import { steadyPaths } from '../world/steady-paths.ts';
import { askedIn, mostUnderWay, type SeenRequest } from '../world/traffic.ts';
import { Failures, retire } from './go-turn.ts';

/** Far enough away that more than four requests a mirror are under way once all is well. */
const LATENCY_MS = 300;
const RATE_PER_SECOND = 100;
const MODULES = 200;
const SEED = 20_241_010;
const SETTLE_MS = 1000;

/** In milliseconds after the load began; it ends at `endMs`. */
type Times = { readonly downMs: number; readonly goodMs: number; readonly endMs: number };
const TIMES: Times = { downMs: 5000, goodMs: 25_000, endMs: 40_000 };
const QUICK: Times = { downMs: 2000, goodMs: 8000, endMs: 18_000 };

const WITHIN_MS = 5000;
/** So many answers of a mirror are waited for before more than this may be under way there. */
const FEW = 4;

const OUTAGES: Readonly<Record<string, Fault>> = {
  refused: { kind: 'refused' },
  '503': { kind: 'status', status: 503 },
};

function goalsOf(of: string): Goal[] {
  const goal = (measure: string, op: '<=' | '>=', value: number, words: string): Goal => ({
    measure,
    of,
    reference: { kind: 'value' },
    op,
    value,
    words: `${of}: ${words}`,
  });
  return [
    goal('first-due', '<=', 1.5, 'first right answer <= 1.5 s after the return'),
    goal('settled', '<=', 5, '99% right from 5 s after it on, at the latest'),
    {
      ...goal('few', '<=', FEW, `<= ${FEW} under way at a mirror until it has answered ${FEW}`),
      every: true,
    },
    goal('later', '>=', FEW + 1, `more than ${FEW} later on`),
  ];
}

/** All mirrors go, and come back. */
export const RECOVERY: Case = {
  number: 10,
  title: 'all mirrors down for 20 s, then back, at 100 requests a second',
  needs: [],
  wants: ['rondo'],
  contestants: { refused: 'connections refused', '503': 'all answer 503' },
  measures: [
    { key: 'first-due', words: 'first right answer after the return', unit: 's' },
    { key: 'first', words: 'the same, also to a request that was waiting', unit: 's' },
    { key: 'settled', words: '99% of 5 s are right from then on', unit: 's' },
    { key: 'right', words: 'right, of those due in the 5 s after the return', unit: '%' },
    { key: 'few', words: `most under way at a mirror until it has answered ${FEW}`, unit: '1' },
    { key: 'later', words: 'most under way at a mirror after the return', unit: '1' },
    { key: 'before', words: 'right before the outage', unit: '%' },
  ],
  goals: Object.keys(OUTAGES).flatMap(goalsOf),
  conditions: [
    'An open loop of Poisson arrivals out of a process of its own, 100 requests a second for .mod files that nobody has asked for before: no copy can answer. All three mirrors go bad 5 s after the load began, are good again 20 s later, and the load goes on for 15 s.',
    'Every answer of a good mirror comes 300 ms after its request, so that the load alone has 10 under way at each of three.',
    'The first right answer is the first to a request that was due after the return; those who were waiting by then are served before it. `Settled` is the earliest moment from which on at least 99% of the requests that were due in 5 s got a right answer.',
    'Under way are requests for files that came after the return, from their arrival at the mirror until its answer had left; health checks are none. GOSUMDB=off.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  const mirrors = await startMirrors(
    { count: 3, content: { kind: 'any-module' }, distance: { latencyMs: LATENCY_MS } },
    context.cleanup,
  );
  const failures = new Failures(context);
  await takeTurns(Object.entries(OUTAGES), context.runs, context.signal, ([contestant, fault], run) =>
    failures.attempt(contestant, async () => {
      context.progress(`run ${run + 1} of ${context.runs}: ${contestant}`);
      await oneTurn(context, mirrors, { contestant, fault, run });
    }),
  );
}

type Turn = { readonly contestant: string; readonly fault: Fault; readonly run: number };

async function oneTurn(context: CaseContext, mirrors: Mirrors, turn: Turn): Promise<void> {
  const { contestant, fault, run } = turn;
  const times = context.quick ? QUICK : TIMES;
  let running: RunningSubject | undefined;
  try {
    const folder = join(context.folder, `${contestant}-${run}`);
    running = await context.subject('rondo')?.start({ upstreams: mirrors.urls, folder }, context.cleanup);
    if (running === undefined) return;
    await sleep(SETTLE_MS);
    await mirrors.takeTraffic();
    const load = runOpenLoop(
      {
        baseUrl: running.url,
        paths: steadyPaths({
          count: (times.endMs / 1000) * RATE_PER_SECOND * 1.2,
          modules: MODULES,
          seed: SEED,
        }),
        ratePerSecond: RATE_PER_SECOND,
        durationMs: times.endMs,
        seed: SEED + run,
        connections: 'kept',
      },
      context.cleanup,
    );
    const [result, outage] = await Promise.all([load, takeDown(mirrors, fault, times)]);
    recordTurn(context, turn, { result, outage, requests: askedIn(await mirrors.takeTraffic()) });
  } finally {
    await mirrors.clearFaults('all');
    await retire(running);
  }
}

/** When the mirrors went and came back, as `epochMs` tells it. */
type Outage = { readonly downAtMs: number; readonly goodAtMs: number };

async function takeDown(mirrors: Mirrors, fault: Fault, { downMs, goodMs }: Times): Promise<Outage> {
  await sleep(downMs);
  const downAtMs = await mirrors.setFault('all', fault);
  await sleep(goodMs - downMs);
  return { downAtMs, goodAtMs: await mirrors.clearFaults('all') };
}

function recordTurn(
  context: CaseContext,
  { contestant, run }: Turn,
  heard: {
    readonly result: OpenLoopResult;
    readonly outage: Outage;
    readonly requests: readonly SeenRequest[];
  },
): void {
  const { result, outage, requests } = heard;
  const { answers, startedAtMs } = result;
  const record = (measure: string, value: number): void => {
    if (Number.isFinite(value)) context.record({ measure, contestant, run, value });
    else context.note(`${contestant}, run ${run + 1}: ${measure} was never reached`);
  };
  const goodAtMs = outage.goodAtMs - startedAtMs;
  const before = answers.filter(({ dueMs }) => dueMs < outage.downAtMs - startedAtMs - LATENCY_MS);
  const { recovery } = figuresOf(answers, requests.length, { goodAtMs, withinMs: WITHIN_MS });
  if (recovery === undefined) throw new Error('no recovery was asked for');
  record('first-due', recovery.firstRightMs / 1000);
  record('first', recovery.firstOfAllMs / 1000);
  record('right', recovery.rightShare * 100);
  record('settled', settledAfterMs(answers, goodAtMs, { share: 0.99, windowMs: WITHIN_MS }) / 1000);
  record('few', mostUnderWay(requests, outage.goodAtMs, FEW));
  record('later', mostUnderWay(requests, outage.goodAtMs));
  record('before', (before.filter(({ ending }) => ending === 'right').length / before.length) * 100);
}
