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
    const [probe, trial] = [how === 'probe', how === 'trial'];
    const seen = { outcome, probe, trial, alone: true, begunMs: nowMs, nowMs };
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

test('it never counts below one, and says why a mirror is spared', () => {
  const breaks = {
    outcome: reset,
    probe: false,
    trial: false,
    alone: true,
    begunMs: 0,
    nowMs: 0,
    lastHope: true,
  };
  let state = fresh;
  for (let n = 0; n < 5; n += 1) {
    state = observe(state, breaks, () => 1, settings);
    const { words } = nextOf(state);
    const left = Math.max(1, 2 - n);
    assert.ok(
      words.includes(`; ${left} failed request${left === 1 ? '' : 's'} in a row or 3 failed probes would`),
      words,
    );
    assert.equal(
      words.endsWith('; a body that breaks does not while no other mirror could go on with it'),
      n >= 2,
      words,
    );
  }
  for (let n = 0; n < 5; n += 1)
    state = observe(state, { ...breaks, outcome: unavailable }, () => 1, settings);
  assert.match(nextOf(state).words, /; 1 failed request in a row or 3 failed probes would/);
});

test('the rule of other content than was asked for is told while it counts', () => {
  const other: Outcome = { class: 'http', cause: 'bad-content', detail: 'it is of another version' };
  const once = after(fresh, 0, [other, ok]);
  const rule =
    /, and so would 2 more answers with other content than was asked for, 30 s from the first at the latest$/;
  assert.match(nextOf(once).words, rule);
  assert.doesNotMatch(nextOf(once, 30_000).words, /other content/);
  const twice = after(once, 1000, [other, ok]);
  assert.match(nextOf(twice, 1000).words, /, and so would 1 more answer with other content/);
  assert.equal(after(twice, 2000, [other]).gate.kind, 'open', 'and so it is');
});

test('what it says of an open gate comes true at the time that it says', () => {
  for (const [outcomes, words] of [
    [[reset, reset, reset], /sooner if a probe succeeds/],
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
