import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BALANCE_DEFAULTS as settings, OUTCOMES } from '../../test/support/balance-defaults.ts';
import { newMirrorState, type MirrorState } from './mirror-state.ts';
import { beginTrial, observe } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { standingWords } from './standing-words.ts';

const { ok, reset } = OUTCOMES;
const other: Outcome = { class: 'http', cause: 'bad-content', detail: 'it is of another version' };

/** A mirror after these answers, all of them at `nowMs`, which were asked for then. */
function told(
  state: MirrorState,
  nowMs: number,
  outcomes: readonly Outcome[],
  visit: 'probe' | 'trial' | 'traffic' = 'traffic',
): MirrorState {
  const seen = { probe: visit === 'probe', trial: visit === 'trial', alone: true, begunMs: nowMs, nowMs };
  return outcomes.reduce((each, outcome) => observe(each, { ...seen, outcome }, () => 1, settings), state);
}

const SHUT = told(newMirrorState(0), 0, [other, ok, other, ok, other]);

test('who lies among right files is shut for all of its time: its probe was right before, too', () => {
  const { gate } = SHUT;
  assert.ok(gate.kind === 'open');
  assert.deepEqual(told(SHUT, 10, [ok], 'probe').gate, gate);
  assert.match(standingWords(SHUT, 10, settings).next.words, /probes do not count/);
  const failed = told(newMirrorState(0), 0, [reset, reset, reset]);
  assert.equal(told(failed, 10, [ok], 'probe').gate.kind, 'half-open', 'of other failures a probe knows');
});

test('a right file in its trial does not wipe its lies, and time does', () => {
  assert.ok(SHUT.gate.kind === 'open');
  const { untilMs } = SHUT.gate;
  const back = told(beginTrial(SHUT, untilMs), untilMs, [ok], 'trial');
  assert.equal(back.gate.kind, 'closed');
  assert.equal(told(back, untilMs + 1, [other]).gate.kind, 'open', 'one more is enough');
  assert.equal(told(back, settings.successWindowMs, [other, ok, other]).gate.kind, 'closed');
});
