import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BALANCE_DEFAULTS as settings, OUTCOMES } from '../../test/support/balance-defaults.ts';
import { newMirrorState, type MirrorState } from './mirror-state.ts';
import { beginTrial, observe } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { standing } from './standing.ts';
import { isUp } from './up-on-trial.ts';

const { ok, notFound, reset, local, rateLimited, wrong } = OUTCOMES;
const VISIT = { trial: false, alone: false, begunMs: -Infinity };

/** After these probes, all at `nowMs`. */
function probed(state: MirrorState, nowMs: number, outcomes: readonly Outcome[]): MirrorState {
  return outcomes.reduce(
    (each, outcome) => observe(each, { ...VISIT, outcome, probe: true, nowMs }, () => 1, settings),
    state,
  );
}

/** A mirror that a client's request has put out at 0. */
function after(outcome: Outcome): MirrorState {
  return Array.from({ length: 3 }).reduce<MirrorState>(
    (each) => observe(each, { ...VISIT, outcome, probe: false, nowMs: 0 }, () => 1, settings),
    newMirrorState(0),
  );
}

test('a mirror on trial that nobody asks is up once it has answered three probes in a row', () => {
  const table: [string, Outcome, number, Outcome[], string, boolean][] = [
    ['two answers', reset, 500, [ok, ok], 'TRIAL', false],
    ['three, one of them a 404', reset, 500, [ok, notFound, ok], 'TRIAL', true],
    ['what says nothing of it does not count', reset, 500, [ok, local, ok, local], 'TRIAL', false],
    ['nor does it break the row', reset, 500, [ok, local, ok, ok], 'TRIAL', true],
    ['a 429 does', reset, 500, [ok, ok, rateLimited, ok], 'TRIAL', false],
    ['a failure shuts its gate', reset, 500, [ok, ok, ok, reset], 'UNHEALTHY', false],
    ['and the row begins anew', reset, 500, [ok, ok, reset, ok, ok], 'TRIAL', false],
    ['cooling', rateLimited, 500, [ok, ok, ok], 'COOLING', false],
    ['its time is over', rateLimited, 600_000, [ok, ok, ok], 'TRIAL', true],
    ['quarantined', wrong, 500, [ok, ok, ok], 'QUARANTINED', false],
  ];
  for (const [name, outcome, nowMs, probes, status, up] of table) {
    const state = probed(after(outcome), nowMs, probes);
    const seen = standing(state, nowMs, settings);
    assert.deepEqual([seen.status, isUp(seen.status, state)], [status, up], name);
  }
});

test('a trial under way does not take it down, and the one that fails does', () => {
  const up = probed(after(reset), 500, [ok, ok, ok]);
  const tried = beginTrial(up, 600);
  assert.ok(isUp(standing(tried, 700, settings).status, tried));
  const failed = { ...VISIT, outcome: reset, probe: false, trial: true, begunMs: 600, nowMs: 800 };
  const shut = observe(tried, failed, () => 1, settings);
  assert.ok(!isUp(standing(shut, 800, settings).status, shut));
  assert.equal(shut.trialAnswers, undefined);
});
