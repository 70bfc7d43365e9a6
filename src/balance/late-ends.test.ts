import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BALANCE_DEFAULTS as settings, OUTCOMES } from '../../test/support/balance-defaults.ts';
import { newMirrorState, type MirrorState } from './mirror-state.ts';
import { beginTrial, observe, type Observation } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { standing } from './standing.ts';

// What visits come to that were begun before the gate turned.

const { ok, reset, rateLimited, wrong } = OUTCOMES;
const FRESH = newMirrorState(0);

/** The state after a visit that ended like this, begun at 0 and no trial unless `how` says so. */
function end(
  state: MirrorState,
  outcome: Outcome,
  nowMs: number,
  how: Partial<Observation> = {},
): MirrorState {
  const seen = { outcome, probe: false, trial: false, alone: true, begunMs: 0, nowMs, ...how };
  return observe(state, seen, () => 1, settings);
}

/** After a trial that begins at `nowMs` and ends at once. */
function tried(state: MirrorState, outcome: Outcome, nowMs: number): MirrorState {
  return end(beginTrial(state, nowMs), outcome, nowMs, { trial: true, begunMs: nowMs });
}

function untilOf(state: MirrorState, nowMs: number): number {
  return standing(state, nowMs, settings).untilMs ?? assert.fail('its gate is not open');
}

test('they neither pass nor fail a trial, nor give it back', () => {
  for (const [shut, times] of [
    [reset, 3],
    [rateLimited, 1],
    [wrong, 1],
  ] as const) {
    const opened = Array<Outcome>(times)
      .fill(shut)
      .reduce((state, outcome) => end(state, outcome, 0), FRESH);
    const nowMs = untilOf(opened, 0);
    const trial = beginTrial(opened, nowMs);
    for (const outcome of Object.values(OUTCOMES)) {
      const seen = end(trial, outcome, nowMs + 100);
      const name = `${shut.detail}, then ${outcome.detail}`;
      if (outcome === wrong && shut !== wrong) {
        assert.equal(standing(seen, nowMs, settings).status, 'QUARANTINED', `${name}: nobody knew that`);
        continue;
      }
      const counts = ({ opens, cools, quarantines }: MirrorState): number[] => [opens, cools, quarantines];
      assert.deepEqual([seen.gate, counts(seen)], [trial.gate, counts(trial)], name);
    }
  }
});

test('a trial that was followed by another shows that it works, but neither fails the other nor gives it back', () => {
  const opened = [reset, reset, reset].reduce((state) => end(state, reset, 0), FRESH);
  const second = beginTrial(opened, 5000);
  const table: [Outcome, string][] = [
    [reset, 'TRIAL'],
    [{ class: 'http', cause: 'slow-header', detail: 'no answer within 3 s' }, 'TRIAL'],
    [rateLimited, 'TRIAL'],
    [OUTCOMES.clientGone, 'TRIAL'],
    [OUTCOMES.local, 'TRIAL'],
    [ok, 'HEALTHY'],
    [OUTCOMES.notFound, 'HEALTHY'],
    [wrong, 'QUARANTINED'],
  ];
  for (const [outcome, status] of table) {
    for (const lastHope of [false, true]) {
      const first = end(second, outcome, 5500, { trial: true, begunMs: 1000, lastHope });
      const seen = standing(first, 5500, settings);
      assert.deepEqual([seen.status, seen.trial], [status, false], outcome.detail);
    }
  }
  const own = end(second, reset, 6000, { trial: true, begunMs: 5000 });
  assert.equal(standing(own, 6000, settings).status, 'UNHEALTHY', 'its own end decides');
});

test('wrong content neither doubles a quarantine nor starts it anew', () => {
  let state = FRESH;
  for (let nowMs = 1; nowMs <= 7; nowMs += 1) state = end(state, wrong, nowMs);
  // What turns out to be wrong later, too, whenever it was sent.
  state = end(state, wrong, 5000, { begunMs: -Infinity });
  assert.deepEqual([untilOf(state, 7), state.quarantines], [600_001, 1]);
  assert.equal(state.lastFailure?.atMs, 5000, 'it is remembered all the same');

  assert.equal(untilOf(tried(state, wrong, 600_001), 600_001), 600_001 + 1_200_000, 'its own trial does');
  const again = end(tried(state, ok, 600_001), wrong, 600_002, { begunMs: -Infinity });
  assert.equal(untilOf(again, 600_002), 600_002 + 1_200_000, 'of one that is back it is news');
});

test('the doubling of quarantines is forgotten after a whole climb, and not before', () => {
  const back = tried(end(FRESH, wrong, 0), ok, 600_000);
  for (const [climbedMs, forMs] of [
    [settings.climbMs - 1, 1_200_000],
    [settings.climbMs, 600_000],
  ] as const) {
    const begunMs = 600_000 + climbedMs;
    const steady = end(back, ok, begunMs, { begunMs });
    assert.equal(untilOf(end(steady, wrong, begunMs, { begunMs }), begunMs), begunMs + forMs);
  }
});

test('429: the latest time that it asks for, and one doubling for all that was under way', () => {
  const asks = (retryAfterMs?: number): Outcome =>
    retryAfterMs === undefined ? rateLimited : { ...rateLimited, retryAfterMs };
  const table: [string, (number | undefined)[], number][] = [
    ['one without a time', [undefined], 1000],
    ['seven without a time', Array<undefined>(7).fill(undefined), 1000],
    ['a later one without a time', [120_000, undefined], 120_000],
    ['a later one with less', [120_000, 2000], 120_000],
    ['a later one with more', [2000, 120_000], 120_100],
    ['a later one with too much', [2000, 9_000_000], 300_100],
  ];
  for (const [name, asked, untilMs] of table) {
    const state = asked.reduce((each, ms, index) => end(each, asks(ms), index * 100), FRESH);
    assert.deepEqual([untilOf(state, 700), state.cools], [untilMs, 1], name);
  }
  const shut = [0, 0, 0].reduce((state) => end(state, reset, 0), { ...FRESH, opens: 5 });
  const both = end(shut, rateLimited, 0);
  assert.equal(standing(both, 0, settings).status, 'COOLING');
  assert.equal(untilOf(both, 0), 32_000, 'it shortens no other time');
});

test('its doubling is forgotten with the first success that was asked for since its gate is closed', () => {
  const cooled = end(FRESH, rateLimited, 0);
  assert.equal(end(cooled, ok, 10).cools, 1, 'asked before');
  const back = tried(cooled, ok, 1000);
  assert.deepEqual([back.gate.kind, back.cools], ['closed', 1]);
  assert.equal(end(back, ok, 1010, { begunMs: 999 }).cools, 1);
  assert.equal(end(back, ok, 1010, { begunMs: 1001 }).cools, 0);
  const again = tried(cooled, rateLimited, 1000);
  assert.equal(untilOf(again, 1000), 3000, 'while its trials are told the same it doubles');
});

test('however many were under way, the gate shuts once, and never for less than was asked', () => {
  const asks = fc.option(fc.integer({ min: 1, max: 200_000 }), { nil: 0 });
  const others = fc.constantFrom(...Object.values(OUTCOMES).filter((outcome) => outcome !== wrong));
  const late = fc.oneof(
    others,
    asks.map((retryAfterMs): Outcome => ({ ...rateLimited, retryAfterMs })),
  );
  fc.assert(
    fc.property(fc.array(late, { maxLength: 30 }), asks, (list, firstMs) => {
      let cooling = end(FRESH, { ...rateLimited, retryAfterMs: firstMs }, 0);
      let lying = end(FRESH, wrong, 0);
      let untilMs = Math.max(1000, firstMs);
      list.forEach((outcome, index) => {
        cooling = end(cooling, outcome, index);
        lying = end(end(lying, outcome, index), wrong, index);
        untilMs = Math.max(untilMs, index + (outcome.retryAfterMs ?? 0));
      });
      assert.deepEqual([cooling.cools, untilOf(cooling, 30)], [1, untilMs]);
      assert.deepEqual([lying.quarantines, untilOf(lying, 30)], [1, 600_000]);
    }),
  );
});
