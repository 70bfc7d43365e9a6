import assert from 'node:assert/strict';
import { test } from 'node:test';
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
      if (outcome === rateLimited) continue;
      const seen = end(trial, outcome, nowMs + 100);
      const name = `${shut.detail}, then ${outcome.detail}`;
      if (outcome === wrong && shut !== wrong) {
        assert.equal(standing(seen, nowMs, settings).status, 'QUARANTINED', `${name}: nobody knew that`);
        continue;
      }
      const counts = ({ opens, quarantines }: MirrorState): number[] => [opens, quarantines];
      assert.deepEqual([seen.gate, counts(seen)], [trial.gate, counts(trial)], name);
    }
  }
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
