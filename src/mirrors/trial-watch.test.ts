import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { NO_HEDGE, scriptedMirrors, type ScriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import { GOOD, HANG, runQuestion, UNAVAILABLE } from '../../test/support/scripted-question.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { Mirrors } from './mirrors.ts';
import type { MirrorsSettings } from './settings.ts';

const SLOW: Line = { do: 'answer', afterMs: 500 };
const SLOW_503: Line = { do: 'other', afterMs: 500, outcome: OUTCOMES.unavailable };
const NO_ROUTE: Line = { do: 'other', outcome: OUTCOMES.local };

type Caller = { end?: string; atMs?: number; retryAfterMs?: number };

/** So many callers at once, each for a module of its own, who have no copy. */
function callers(
  { mirrors }: Pick<ScriptedMirrors, 'mirrors'>,
  clock: VirtualClock,
  count: number,
  { patient = true, signal = new AbortController().signal } = {},
): Caller[] {
  return Array.from({ length: count }, (_, n) => {
    const caller: Caller = {};
    const file = { kind: 'list', module: `example.com/${clock.now()}-${n}` } as const;
    const end = (text: string): void => void Object.assign(caller, { end: text, atMs: clock.now() });
    mirrors.ask({ file, method: 'GET', maxBodyBytes: 100, patient }, signal).then(
      (found) => {
        found.settle({ kind: 'complete', bytes: 4 });
        end(found.mirror);
      },
      (error: unknown) => {
        if (error instanceof RondoError && error.retryAfterMs !== undefined)
          caller.retryAfterMs = error.retryAfterMs;
        end(error instanceof RondoError ? error.code : String(error));
      },
    );
    return caller;
  });
}

function endsOf(list: readonly Caller[]): Record<string, number> {
  const ends: Record<string, number> = {};
  for (const { end = 'none yet' } of list) ends[end] = (ends[end] ?? 0) + 1;
  return ends;
}

type World = ScriptedMirrors & { set(script: Line): void; asked(): number };

/** The only mirror is shut, and its next trial may begin at once. */
async function shut(clock: VirtualClock, settings: Partial<MirrorsSettings> = {}): Promise<World> {
  const world = scriptedMirrors(clock, { a: { script: UNAVAILABLE } }, { ...NO_HEDGE, ...settings });
  await runQuestion(clock, world.mirrors);
  assert.equal(world.mirrors.views()[0]?.status, 'UNHEALTHY');
  return {
    ...world,
    set: (script) => {
      for (const upstream of Object.values(world.upstreams)) upstream.script = () => script;
    },
    asked: () => world.upstreams['a']?.asked.length ?? 0,
  };
}

function queued(mirrors: Mirrors): number {
  return mirrors.load().queued;
}

test('those who come while a trial is under way are answered by its success, a few at a time', async () => {
  const clock = new VirtualClock();
  const world = await shut(clock);
  world.set(SLOW);
  const before = world.asked();
  const list = callers(world, clock, 20);
  await clock.advance(450);
  assert.deepEqual([world.asked() - before, queued(world.mirrors)], [1, 19], 'one is the trial');
  await clock.advance(100);
  assert.equal(world.mirrors.views()[0]?.status, 'HEALTHY');
  assert.deepEqual([world.asked() - before, queued(world.mirrors)], [5, 15], 'no herd');
  await clock.advance(500);
  assert.equal(world.asked() - before, 10, 'four answers are one slot more');
  await clock.advance(2000);
  assert.deepEqual(endsOf(list), { a: 20 });
  assert.equal(clock.pending, 0);
});

test('when the trial fails all are told at once, and nobody finds out again', async () => {
  const clock = new VirtualClock();
  const world = await shut(clock);
  world.set(SLOW_503);
  const before = world.asked();
  const startMs = clock.now();
  const list = callers(world, clock, 20);
  await clock.advance(2000);
  assert.deepEqual(endsOf(list), { E_NO_MIRROR: 1, E_NO_ELIGIBLE_MIRROR: 19 });
  assert.deepEqual(new Set(list.map(({ atMs = 0 }) => atMs - startMs)), new Set([500]));
  for (const { end, retryAfterMs = 0 } of list)
    assert.ok(end === 'E_NO_MIRROR' || retryAfterMs >= 1000, 'Retry-After');
  assert.deepEqual([world.asked() - before, queued(world.mirrors), clock.pending], [1, 0, 0]);
});

test('those who come before the next trial may begin wait for that one, and one of them is it', async () => {
  const clock = new VirtualClock();
  const world = await shut(clock);
  const [first] = callers(world, clock, 1);
  await clock.advance(300);
  assert.equal(first?.end, 'E_NO_MIRROR');
  const before = world.asked();
  world.set(GOOD);
  const list = callers(world, clock, 8);
  await clock.advance(650);
  assert.deepEqual([world.asked() - before, queued(world.mirrors)], [0, 8]);
  await clock.advance(60);
  assert.equal(world.asked() - before, 1);
  await clock.advance(200);
  assert.deepEqual(endsOf(list), { a: 8 });
});

test('who has heard that the trials of all have failed waits no longer; until then another may still do', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(
    clock,
    { a: { script: UNAVAILABLE }, b: { script: UNAVAILABLE } },
    NO_HEDGE,
  );
  await runQuestion(clock, mirrors);
  const [a, b] = [upstreams['a'], upstreams['b']];
  assert.ok(a !== undefined && b !== undefined);
  a.script = () => SLOW_503;
  b.script = () => ({ do: 'answer', afterMs: 800 });
  const list = callers({ mirrors }, clock, 6);
  await clock.advance(600);
  assert.deepEqual(endsOf(list), { 'none yet': 6 });
  await clock.advance(2400);
  assert.deepEqual(endsOf(list), { b: 6 }, 'who was the trial of a had b as well');
  await mirrors.close();
});

test('a trial that timed out tells of when it began: those who came later wait for the next', async () => {
  const clock = new VirtualClock();
  const world = await shut(clock);
  world.set(HANG);
  const [first] = callers(world, clock, 1);
  await clock.advance(1000);
  world.set(GOOD);
  const list = callers(world, clock, 5);
  await clock.advance(2200);
  assert.deepEqual([first?.end, endsOf(list)], ['a', { a: 5 }]);
});

test('the wait has an end: a second until the next trial begins, and its soft limit', async () => {
  const clock = new VirtualClock();
  const world = await shut(clock);
  world.set(HANG);
  callers(world, clock, 1);
  await clock.advance(500);
  const startMs = clock.now();
  const list = callers(world, clock, 5);
  await clock.advance(3900);
  const ends = endsOf(list);
  assert.ok((ends['none yet'] ?? 0) >= 4, JSON.stringify(ends));
  await clock.advance(200);
  const told = list.filter(({ end }) => end === 'E_NO_ELIGIBLE_MIRROR');
  assert.equal(told.length, 4, 'the fifth is a trial');
  for (const { atMs = 0 } of told) assert.equal(atMs - startMs, 4000);
  assert.equal(queued(world.mirrors), 0);
  await world.mirrors.close();
});

test('the deadline of the request ends the wait before that', async () => {
  const clock = new VirtualClock();
  const world = await shut(clock, { deadlineMs: 700 });
  world.set(HANG);
  callers(world, clock, 1);
  await clock.advance(100);
  const list = callers(world, clock, 2);
  await clock.advance(690);
  assert.deepEqual(endsOf(list), { 'none yet': 2 });
  await clock.advance(20);
  assert.deepEqual(endsOf(list), { E_NO_ELIGIBLE_MIRROR: 2 });
  await world.mirrors.close();
});

test('nobody waits where no trial can come, or who has a copy', async () => {
  const clock = new VirtualClock();
  const limited: Line = { do: 'other', outcome: { ...OUTCOMES.rateLimited, retryAfterMs: 60_000 } };
  const cooling = scriptedMirrors(clock, { a: { script: limited } }, NO_HEDGE);
  await runQuestion(clock, cooling.mirrors);
  const quarantined = scriptedMirrors(clock, { a: { script: GOOD } });
  quarantined.mirrors.charge('a', 'it lied');
  const drained = scriptedMirrors(clock, { a: { script: GOOD } });
  drained.mirrors.order('a', { drainForMs: 60_000 });
  const open = await shut(clock);
  callers(open, clock, 1);
  await clock.advance(0);
  const list = [cooling, quarantined, drained].flatMap((world) => callers(world, clock, 2));
  list.push(...callers(open, clock, 2, { patient: false }));
  await clock.advance(0);
  assert.deepEqual(endsOf(list), { E_NO_ELIGIBLE_MIRROR: 8 });
  await drained.mirrors.close();
});

test('the line is bounded, and who leaves it frees a place, whether he waits or is the trial', async () => {
  const clock = new VirtualClock();
  const world = await shut(clock, { queueLimit: 2 });
  world.set(SLOW);
  const [leaver, trial] = [new AbortController(), new AbortController()];
  callers(world, clock, 1, { signal: trial.signal });
  await clock.advance(10);
  callers(world, clock, 1, { signal: leaver.signal });
  await clock.advance(10);
  const [stays, busy] = callers(world, clock, 2);
  await clock.advance(10);
  assert.deepEqual([stays?.end, busy?.end, busy?.retryAfterMs], [undefined, 'E_BUSY', 1000]);
  leaver.abort(new Error('gone'));
  await clock.advance(0);
  assert.equal(queued(world.mirrors), 1);
  const [late] = callers(world, clock, 1);
  trial.abort(new Error('gone'));
  await clock.advance(10);
  assert.equal(world.mirrors.views()[0]?.status, 'TRIAL', 'the first in line is the trial now');
  await clock.advance(1000);
  assert.deepEqual([stays?.end, late?.end, clock.pending], ['a', 'a', 0]);
});

test('our own network is gone: the next probes are waited for, whatever they bring', async () => {
  const clock = new VirtualClock();
  const world = scriptedMirrors(clock, { a: { script: GOOD }, b: { script: GOOD } }, NO_HEDGE);
  const set = (line: Line): void => {
    for (const upstream of Object.values(world.upstreams)) upstream.script = () => line;
  };
  world.mirrors.startProbes();
  set(NO_ROUTE);
  await runQuestion(clock, world.mirrors);
  assert.equal(world.mirrors.views()[0]?.status, 'OUTAGE');
  await clock.advance(5000);
  const startMs = clock.now();
  const list = callers(world, clock, 3);
  await clock.advance(1500);
  assert.deepEqual(endsOf(list), { E_NO_ELIGIBLE_MIRROR: 3 });
  for (const { atMs = 0 } of list) assert.ok(atMs > startMs && atMs <= startMs + 1000, 'one round of probes');
  set(GOOD);
  const back = callers(world, clock, 3);
  await clock.advance(1500);
  assert.equal(back.filter(({ end }) => end === 'a' || end === 'b').length, 3);
  await world.mirrors.close();
});
