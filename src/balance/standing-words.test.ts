import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BALANCE_DEFAULTS as settings, OUTCOMES } from '../../test/support/balance-defaults.ts';
import { newMirrorState, type MirrorState } from './mirror-state.ts';
import { beginTrial, observe } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { standing } from './standing.ts';
import { standingWords, type NextChange } from './standing-words.ts';

const { ok, reset, unable, unavailable, rateLimited, wrong } = OUTCOMES;

function after(
  state: MirrorState,
  nowMs: number,
  outcomes: readonly Outcome[],
  how = 'traffic',
): MirrorState {
  return outcomes.reduce((each, outcome) => {
    const seen = { outcome, probe: how === 'probe', trial: how === 'trial', alone: true, nowMs };
    return observe(each, seen, () => 1, settings);
  }, state);
}

function nextOf(state: MirrorState, nowMs = 0): NextChange {
  return standingWords(state, nowMs, settings).next;
}

const fresh = newMirrorState(0);

test('a closed gate says how much more would open it, and what brings the score back', () => {
  assert.deepEqual(nextOf(fresh), {
    words: '3 failed requests in a row or 3 failed probes would open its gate',
  });
  assert.equal(
    nextOf(after(fresh, 0, [reset, reset])).words,
    'a request that succeeds brings its score back; 1 failed request in a row or 3 failed probes would open its gate, ' +
      'and so would under 80% of 5 requests in 30 s (now 0% of 2)',
  );
  assert.match(nextOf(after(fresh, 0, [reset], 'probe')).words, /^a probe that .* or 2 failed probes would/);
  const patient = { ...settings, failuresToOpen: 9 };
  const two503 = after(fresh, 0, [unavailable, unavailable]);
  assert.match(
    standingWords(two503, 0, patient).next.words,
    /; 7 failed requests in a row, 1 by 503, or 3 failed probes would/,
  );
});

test('a Rondo that could not get files is well, says so, and is back with a request that succeeds', () => {
  const { why, next } = standingWords(after(fresh, 0, [unable, unable]), 0, settings);
  assert.equal(why, 'well, but could not get 2 files in a row itself');
  assert.match(next.words, /^a request that succeeds brings its score back; 3 failed requests in a row/);
});

test('a mirror that usually fails now and then is given more failures, and says so', () => {
  const shaky = { ...fresh, usualFailureRate: 0.2 };
  assert.match(nextOf(shaky).words, /^5 failed requests in a row/);
  const mixed = after(fresh, 0, [ok, ok, ok, reset, ok]);
  assert.match(nextOf(mixed).words, /under 80% of 5 requests in 30 s \(now 80% of 5\)$/);
  assert.doesNotMatch(nextOf(mixed, 30_000).words, /under 80%/);
});

test('what it says of an open gate comes true at the time that it says', () => {
  for (const [outcomes, words] of [
    [[reset, reset, reset], /a probe that succeeds/],
    [[rateLimited], /the time that it asked for/],
    [[wrong], /probes do not count/],
  ] as const) {
    const state = after(fresh, 0, outcomes);
    const { words: said, atMs = -1 } = nextOf(state);
    assert.match(said, words);
    assert.deepEqual(
      [standing(state, atMs - 1, settings).status === 'TRIAL', standing(state, atMs, settings).status],
      [false, 'TRIAL'],
    );
  }
});

test('a trial says for how long a failure would open the gate, and the climb when it is over', () => {
  const shut = after(fresh, 0, [reset, reset, reset]);
  const trial = beginTrial(shut, 1000);
  assert.deepEqual(nextOf(trial, 1000), {
    words: 'the trial decides: an answer closes the gate, a failure opens it for 1 to 2 s',
  });
  const again = after(trial, 1000, [reset], 'trial');
  assert.equal(nextOf(again, 1000).atMs, 3000, 'with the longest jitter');
  const passed = after(trial, 1000, [ok], 'trial');
  assert.deepEqual(nextOf(passed, 1000), { words: 'its score is back at 1', atMs: 31_000 });
  assert.ok(standing(passed, 30_999, settings).score < 1);
  assert.equal(standing(passed, 31_000, settings).score, 1);
  assert.match(nextOf(passed, 31_000).words, /would open/);
});
