import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BALANCE_DEFAULTS as settings, OUTCOMES } from '../../test/support/balance-defaults.ts';
import { newMirrorState, type MirrorState } from './mirror-state.ts';
import { observe } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { standing } from './standing.ts';

const { ok, reset, notFound, unable } = OUTCOMES;

function after(...outcomes: Outcome[]): MirrorState {
  return outcomes.reduce(
    (state, outcome) =>
      observe(
        state,
        { outcome, probe: false, trial: false, alone: true, begunMs: 0, nowMs: 0 },
        () => 1,
        settings,
      ),
    newMirrorState(0),
  );
}

function scoreAfter(...outcomes: Outcome[]): number {
  return Math.round(standing(after(...outcomes), 0, settings).score * 10) / 10;
}

test('a Rondo that cannot get files loses weight as one that fails, and has it back with the first that it gives', () => {
  const fell = [1, 2, 3, 9].map((n) => scoreAfter(...Array<Outcome>(n).fill(unable)));
  assert.deepEqual(fell, [0.7, 0.4, 0.1, 0.1]);
  assert.equal(scoreAfter(unable, unable, unable, ok), 1);
  assert.equal(scoreAfter(unable, unable, notFound), 0.4, 'a 404 is no file');
});

test('what a Rondo says of its own mirrors does not wipe what is held against itself', () => {
  assert.equal(after(reset, reset, unable, reset).gate.kind, 'open');
});
