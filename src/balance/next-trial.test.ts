import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BALANCE_DEFAULTS as settings } from '../../test/support/balance-defaults.ts';
import { newMirrorState, type Gate, type MirrorState } from './mirror-state.ts';
import { beginRescue } from './observe.ts';
import { hasServedLately, nextTrialMs } from './next-trial.ts';
import { standing } from './standing.ts';

const FRESH = newMirrorState(0);

function open(reason: 'unhealthy' | 'cooling' | 'quarantined', untilMs: number): Gate {
  return { kind: 'open', reason, untilMs, why: '503' };
}

test('when a shut mirror is tried next', () => {
  const table: [string, Partial<MirrorState>, number | undefined][] = [
    ['nobody shut it', {}, undefined],
    ['never tried while nobody was eligible', { gate: open('unhealthy', 9000) }, 5000],
    ['tried a while ago', { gate: open('unhealthy', 9000), rescuedMs: 3900 }, 5000],
    ['tried just now', { gate: open('unhealthy', 9000), rescuedMs: 4700 }, 5700],
    ['its own time ends before that', { gate: open('unhealthy', 5100), rescuedMs: 4700 }, 5100],
    ['its time is over', { gate: open('unhealthy', 4000), rescuedMs: 4700 }, 5000],
    ['on trial', { gate: { kind: 'half-open', sinceMs: 1, trialSinceMs: 1 } }, 5000],
    ['the next request is its trial', { gate: { kind: 'half-open', sinceMs: 1 } }, 5000],
    ['it cools', { gate: open('cooling', 5100) }, undefined],
    ['it lied', { gate: open('quarantined', 5100) }, undefined],
  ];
  for (const [name, state, expected] of table)
    assert.equal(nextTrialMs({ ...FRESH, ...state }, 5000, settings), expected, name);
});

test('a trial is never further away than the time between two, and never sooner than that after the last', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.nat(40_000), fc.nat(40_000), (rescuedMs, openMs, laterMs) => {
      const shut = { ...beginRescue(FRESH, rescuedMs), gate: open('unhealthy', rescuedMs + openMs) };
      const nowMs = rescuedMs + laterMs;
      const atMs = nextTrialMs(shut, nowMs, settings) ?? assert.fail('it is never given up');
      assert.ok(atMs >= nowMs && atMs <= nowMs + settings.rescueEveryMs);
      const isDue = standing(shut, atMs, settings).trial || atMs - rescuedMs >= settings.rescueEveryMs;
      assert.ok(isDue, 'somebody may be the trial then');
    }),
  );
});

test('whether a mirror has served somebody a short while ago', () => {
  assert.equal(hasServedLately({}, 5000), false);
  assert.equal(hasServedLately({ trafficOkMs: 5000 }, 5000), true);
  assert.equal(hasServedLately({ trafficOkMs: 5000 }, 34_999), true);
  assert.equal(hasServedLately({ trafficOkMs: 5000 }, 35_000), false);
});
