import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BALANCE_DEFAULTS as settings, OUTCOMES } from '../../test/support/balance-defaults.ts';
import { newMirrorState, type MirrorState } from './mirror-state.ts';
import { beginTrial, observe } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { standing } from './standing.ts';

function after(state: MirrorState, nowMs: number, outcome: Outcome, probe: boolean): MirrorState {
  const begunMs = !probe && state.gate.kind === 'half-open' ? state.gate.trialSinceMs : undefined;
  const trial = begunMs !== undefined;
  const seen = { outcome, probe, trial, alone: false, begunMs: begunMs ?? nowMs, nowMs };
  return observe(state, seen, () => 1, settings);
}

test('a probe that succeeds while a trial hangs makes the next request a trial, but none beside a young one', () => {
  let state = newMirrorState(0);
  for (let n = 0; n < 3; n += 1) state = after(state, 0, OUTCOMES.reset, false);
  const trying = beginTrial(state, 2000);
  const young = after(trying, 2900, OUTCOMES.ok, true);
  assert.equal(standing(young, 2900, settings).eligible, false);
  const old = after(trying, 3000, OUTCOMES.ok, true);
  assert.equal(standing(old, 3000, settings).trial, true);
  const failed = after(beginTrial(old, 3000), 3040, OUTCOMES.reset, false);
  assert.equal(standing(failed, 3040, settings).status, 'UNHEALTHY', 'it decides as any trial does');
});
