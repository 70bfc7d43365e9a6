import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BALANCE_DEFAULTS as settings, OUTCOMES } from '../../test/support/balance-defaults.ts';
import { newMirrorState, type MirrorState } from './mirror-state.ts';
import { beginRescue, beginTrial, observe } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { standing } from './standing.ts';

const LONGEST_JITTER = (): number => 1;

/** After these outcomes, no other mirror being there; a trial that is under way is the one that has them. */
function after(
  state: MirrorState,
  nowMs: number,
  outcomes: readonly Outcome[],
  probe = false,
  alone = true,
): MirrorState {
  return outcomes.reduce((each, outcome) => {
    const begunMs = probe ? undefined : trialSinceMs(each);
    const trial = begunMs !== undefined;
    const seen = { outcome, probe, trial, alone, begunMs: begunMs ?? nowMs, nowMs };
    return observe(each, seen, LONGEST_JITTER, settings);
  }, state);
}

function trialSinceMs({ gate }: MirrorState): number | undefined {
  return gate.kind === 'half-open' ? gate.trialSinceMs : undefined;
}
const other: Outcome = { class: 'http', cause: 'bad-content', detail: 'it is of another version' };
const { ok, reset, unavailable, notFound, unable, clientGone, rateLimited, wrong, local } = OUTCOMES;

test('the score falls by 0.3 a failure in a row and rises with one success', () => {
  const scores = [0, 1, 2].map((n) => {
    const state = after(newMirrorState(0), 0, Array<Outcome>(n).fill(reset));
    return standing(state, 0, settings).score;
  });
  assert.deepEqual(
    scores.map((score) => Math.round(score * 10) / 10),
    [1, 0.7, 0.4],
  );
  const better = after(newMirrorState(0), 0, [reset, reset, ok]);
  assert.equal(standing(better, 0, settings).score, 1);
});

test('each kind of end does to a healthy mirror what it should', () => {
  const table: [string, Outcome[], boolean, string, boolean][] = [
    ['two resets', [reset, reset], false, 'HEALTHY', true],
    ['three resets', [reset, reset, reset], false, 'UNHEALTHY', false],
    ['three 503', [unavailable, unavailable, unavailable], false, 'UNHEALTHY', false],
    ['two failed probes', [reset, reset], true, 'HEALTHY', true],
    ['three failed probes', [reset, reset, reset], true, 'UNHEALTHY', false],
    ['lies among right files', [other, ok, other, ok, other], false, 'UNHEALTHY', false],
    ['a success between', [reset, reset, ok, reset, reset], false, 'HEALTHY', true],
    [
      '404 between does not wipe failures',
      [reset, notFound, reset, notFound, reset],
      false,
      'UNHEALTHY',
      false,
    ],
    ['many 404', [notFound, notFound, notFound, notFound], false, 'HEALTHY', true],
    ['many files that a Rondo could not get', Array<Outcome>(20).fill(unable), false, 'HEALTHY', true],
    ['many probes that a Rondo could not answer', Array<Outcome>(20).fill(unable), true, 'HEALTHY', true],
    ['429', [rateLimited], false, 'COOLING', false],
    ['429 to a probe', [rateLimited], true, 'HEALTHY', true],
    ['wrong content', [wrong], false, 'QUARANTINED', false],
    ['our own network', [local, local, local, local], false, 'HEALTHY', true],
    ['clients that leave', [clientGone, clientGone, clientGone], false, 'HEALTHY', true],
  ];
  for (const [name, outcomes, probe, status, eligible] of table) {
    const seen = standing(after(newMirrorState(0), 0, outcomes, probe), 0, settings);
    assert.deepEqual([seen.status, seen.eligible], [status, eligible], name);
  }
});

test('a mirror that breaks bodies is not shut while there is no other; it is charged all the same', () => {
  const breaks = { outcome: reset, probe: false, begunMs: 0, nowMs: 0, alone: true, lastHope: true };
  let state = newMirrorState(0);
  for (let n = 0; n < 9; n += 1)
    state = observe(state, { ...breaks, trial: false }, LONGEST_JITTER, settings);
  assert.deepEqual([state.gate.kind, state.trafficFailures], ['closed', 9]);
  assert.equal(standing(state, 0, settings).score, settings.scoreFloor);
  // One that is on trial stays where it is: the next request is its trial.
  state = beginTrial(after(state, 0, [reset]), 40_000);
  state = observe(state, { ...breaks, trial: true, begunMs: 40_000 }, LONGEST_JITTER, settings);
  assert.deepEqual(standing(state, 40_000, settings).trial, true);
});

test('traffic and probes are counted apart, and the score uses the greater', () => {
  let state = after(newMirrorState(0), 0, [reset, reset]);
  state = after(state, 0, [reset], true);
  assert.equal(standing(state, 0, settings).eligible, true);
  state = after(state, 0, [ok], true);
  assert.equal(
    Math.round(standing(state, 0, settings).score * 10),
    4,
    'a probe does not wipe what traffic saw',
  );
});

test('what a probe saw is over when traffic succeeds, which replaces probes', () => {
  const state = after(after(newMirrorState(0), 0, [reset, reset], true), 0, [ok]);
  assert.equal(standing(state, 0, settings).score, 1);
});

test('a certificate that does not hold shuts its mirror for the longest time at once', () => {
  const expired: Outcome = { class: 'http', cause: 'certificate', detail: 'certificate expired' };
  for (const probe of [false, true]) {
    const { gate } = after(newMirrorState(0), 0, [expired, expired, expired], probe);
    assert.ok(gate.kind === 'open' && gate.untilMs === settings.openMaxMs, JSON.stringify(gate));
  }
});

test('open times double to 32 s while trials fail, and start anew after a whole climb', () => {
  let state = after(newMirrorState(0), 0, [reset, reset, reset]);
  let nowMs = 0;
  const times: number[] = [];
  for (let n = 0; n < 7; n += 1) {
    assert.equal(state.gate.kind, 'open');
    if (state.gate.kind !== 'open') return;
    times.push(state.gate.untilMs - nowMs);
    nowMs = state.gate.untilMs;
    assert.equal(standing(state, nowMs, settings).trial, true);
    state = after(beginTrial(state, nowMs), nowMs, [reset]);
  }
  assert.deepEqual(times, [1000, 2000, 4000, 8000, 16_000, 32_000, 32_000]);

  if (state.gate.kind !== 'open') return assert.fail();
  nowMs = state.gate.untilMs;
  state = after(beginTrial(state, nowMs), nowMs, [ok]);
  assert.equal(state.opens > 0, true, 'not yet forgotten');
  state = after(state, nowMs + settings.climbMs, [ok]);
  assert.equal(state.opens, 0);
});

test('a mirror that fails often anyway is given more failures in a row, but never more 503', () => {
  const shaky = { ...newMirrorState(0), usualFailureRate: 0.2 };
  assert.equal(standing(after(shaky, 0, Array<Outcome>(4).fill(reset)), 0, settings).status, 'HEALTHY');
  assert.equal(standing(after(shaky, 0, Array<Outcome>(5).fill(reset)), 0, settings).status, 'UNHEALTHY');
  assert.equal(
    standing(after(shaky, 0, [unavailable, unavailable, unavailable]), 0, settings).eligible,
    false,
  );
});

test('under 80% of 5 requests in 30 s opens the gate, unless no other mirror is eligible', () => {
  const mixed = [ok, reset, ok, ok, reset];
  const table: [string, Outcome[], boolean, boolean][] = [
    ['60% of 5', mixed, false, false],
    ['the last one', mixed, true, true],
    ['of 4', [ok, reset, ok, reset], false, true],
    ['80% of 5', [ok, reset, ok, ok, ok], false, true],
    ['404 counts as neither', [ok, reset, notFound, notFound, notFound, notFound], false, true],
  ];
  for (const [name, outcomes, alone, eligible] of table) {
    const state = after(newMirrorState(0), 0, outcomes, false, alone);
    assert.equal(standing(state, 0, settings).eligible, eligible, name);
  }
  const long = after(
    after(newMirrorState(0), 0, [ok, reset, ok, reset], false, false),
    31_000,
    [reset],
    false,
    false,
  );
  assert.equal(standing(long, 31_000, settings).eligible, true, 'longer ago');
});

test('what opened a gate does not open it again after its trial', () => {
  const opened = after(newMirrorState(0), 0, [ok, reset, ok, reset, reset], false, false);
  const back = after(beginTrial(opened, 1000), 1000, [ok], false, false);
  assert.equal(standing(after(back, 1100, [reset, ok], false, false), 1100, settings).status, 'HEALTHY');
});

test('half of an open time is jitter', () => {
  const untils = [0, 0.5, 1].map((r) => {
    const state = [reset, reset, reset].reduce(
      (each, outcome) =>
        observe(
          each,
          { outcome, probe: false, trial: false, alone: true, begunMs: 0, nowMs: 0 },
          () => r,
          settings,
        ),
      newMirrorState(0),
    );
    return state.gate.kind === 'open' ? state.gate.untilMs : undefined;
  });
  assert.deepEqual(untils, [500, 750, 1000]);
});

test('half open: one trial at a time; its end decides; a client that leaves gives it back', () => {
  const opened = after(newMirrorState(0), 0, [reset, reset, reset]);
  const due = beginTrial(opened, 1000);
  assert.equal(standing(due, 1000, settings).eligible, false, 'everybody else goes elsewhere');
  assert.equal(standing(after(due, 1500, [ok]), 1500, settings).status, 'HEALTHY');
  assert.equal(standing(after(due, 1500, [notFound]), 1500, settings).status, 'HEALTHY', 'any answer passes');
  assert.equal(standing(after(due, 1500, [reset]), 1500, settings).status, 'UNHEALTHY');
  const givenBack = standing(after(due, 1500, [clientGone]), 1500, settings);
  assert.deepEqual([givenBack.eligible, givenBack.trial], [true, true]);
});

test('after a trial the score climbs from the floor to 1 over 30 s', () => {
  const opened = after(newMirrorState(0), 0, [reset, reset, reset]);
  const closed = after(beginTrial(opened, 1000), 1000, [ok]);
  const scores = [0, 10_000, 30_000].map((ms) => standing(closed, 1000 + ms, settings).score);
  assert.deepEqual(
    scores.map((score) => Math.round(score * 100) / 100),
    [0.1, 0.4, 1],
  );
});

test('a probe ends open early, but neither cooling nor quarantine', () => {
  for (const [outcomes, eligible] of [
    [[reset, reset, reset], true],
    [[rateLimited], false],
    [[wrong], false],
  ] as const) {
    const state = after(after(newMirrorState(0), 0, outcomes), 100, [ok], true);
    assert.equal(standing(state, 100, settings).eligible, eligible);
  }
});

test('a failed probe keeps an over-due gate shut, so that no request has to find out', () => {
  const opened = after(newMirrorState(0), 0, [reset, reset, reset]);
  const again = after(opened, 1500, [reset], true);
  assert.equal(standing(again, 1500, settings).status, 'UNHEALTHY');
  assert.equal(again.opens, 2);
});

test('Retry-After wins if it is longer, up to 300 s; quarantine doubles and outweighs cooling', () => {
  const asked = (retryAfterMs: number): number | undefined =>
    standing(after(newMirrorState(0), 0, [{ ...rateLimited, retryAfterMs }]), 0, settings).untilMs;
  assert.deepEqual([asked(100), asked(20_000), asked(9_000_000)], [1000, 20_000, 300_000]);

  const once = after(newMirrorState(0), 0, [wrong]);
  const twice = after(beginTrial(once, 600_000), 600_000, [wrong]);
  assert.deepEqual(
    [standing(once, 0, settings).untilMs, standing(twice, 600_000, settings).untilMs],
    [600_000, 600_000 + 1_200_000],
  );
  assert.equal(standing(after(once, 0, [rateLimited]), 0, settings).status, 'QUARANTINED');
});

test('no sequence of events reaches an impossible state, and every mirror gets its chance again', () => {
  const event = fc.record({
    outcome: fc.constantFrom(...Object.values(OUTCOMES)),
    probe: fc.boolean(),
    waitMs: fc.nat(40_000),
    trial: fc.constantFrom('none', 'trial', 'rescue'),
    foreign: fc.nat(2),
    replaced: fc.boolean(),
    agoMs: fc.nat(60_000),
    alone: fc.boolean(),
    random: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let state = newMirrorState(0);
      let nowMs = 0;
      for (const { outcome, probe, waitMs, trial, random, foreign, replaced, agoMs, alone } of events) {
        nowMs += waitMs;
        if (trial === 'trial' && standing(state, nowMs, settings).trial) state = beginTrial(state, nowMs);
        if (trial === 'rescue' && state.gate.kind === 'open') state = beginRescue(state, nowMs);
        const sinceMs = probe || foreign > 0 ? undefined : trialSinceMs(state);
        // Of those that were begun as trials some have been followed by another.
        const begunMs = replaced ? nowMs - agoMs : (sinceMs ?? nowMs - agoMs);
        const end = {
          outcome,
          probe,
          trial: !probe && (replaced || sinceMs !== undefined),
          alone,
          begunMs,
          nowMs,
        };
        state = observe(state, end, () => random, settings);
        const seen = standing(state, nowMs, settings);
        assert.ok(seen.score >= settings.scoreFloor && seen.score <= 1);
        assert.ok(!seen.trial || seen.eligible);
        assert.ok(state.trafficFailures >= 0 && state.probeFailures >= 0);
        if (state.gate.kind === 'open') assert.ok(state.gate.untilMs - nowMs <= 600_000 * 2 ** 6);
      }
      // Whatever happened, time and one good trial bring it back.
      const laterMs = nowMs + 600_000 * 2 ** 6;
      const tried = standing(state, laterMs, settings).trial ? beginTrial(state, laterMs) : state;
      const trial = trialSinceMs(tried) !== undefined;
      const good = observe(
        tried,
        { outcome: ok, probe: false, trial, alone: true, begunMs: laterMs, nowMs: laterMs },
        LONGEST_JITTER,
        settings,
      );
      assert.equal(standing(good, laterMs, settings).status, 'HEALTHY');
    }),
  );
});
