import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { newMirrorState } from './mirror-state.ts';
import { beginTrial } from './observe.ts';
import { afterOutcome, NO_OUTAGE, remembering, restored, type Outage, type OutageStep } from './outage.ts';
import type { Outcome } from './outcome.ts';

const { ok, reset, unavailable, notFound, clientGone, local } = OUTCOMES;
const dns: Outcome = { class: 'http', cause: 'dns', detail: 'no such host' };
const HEARD: Readonly<Record<string, Outcome>> = { ...OUTCOMES, dns };
const FRESH = newMirrorState(0);

/** After `a:local b:dns`, what was heard of whom; all states are those of fresh mirrors. */
function after(heard: string, names: readonly string[] = ['a', 'b']): OutageStep {
  let step: OutageStep = { outage: NO_OUTAGE, counts: true, restored: new Map() };
  for (const each of heard.split(' ')) {
    const [name = '', what = ''] = each.split(':');
    const outcome = HEARD[what] ?? assert.fail(what);
    step = afterOutcome(step.outage, { name, state: FRESH, outcome, names, nowMs: 5 });
  }
  return step;
}

test('when it begins, and when not', () => {
  const table: [string, string, boolean, string[]?][] = [
    ['one of two', 'a:local', false],
    ['both', 'a:local b:local', true],
    ['no name is found', 'a:dns b:dns', true],
    ['the only one', 'a:local', true, ['a']],
    ['the only name', 'a:dns', false, ['a']],
    ['one of them answers between', 'a:local a:notFound b:local', false],
    ['one of them is reached between', 'a:local a:reset b:local', false],
    ['a client leaves between', 'a:local a:clientGone b:local', true],
    ['the other is only down', 'a:local b:unavailable', false],
  ];
  for (const [name, heard, expected, names] of table)
    assert.equal(after(heard, names).outage.kind === 'outage', expected, name);
});

test('states go back to before the trouble, without a trial that was under way', () => {
  const charged = { ...FRESH, trafficFailures: 1 };
  const begun = afterOutcome(NO_OUTAGE, {
    name: 'a',
    state: FRESH,
    outcome: dns,
    names: ['a', 'b'],
    nowMs: 1,
  });
  const twice = afterOutcome(begun.outage, {
    name: 'a',
    state: charged,
    outcome: dns,
    names: ['a', 'b'],
    nowMs: 2,
  });
  assert.equal(twice.counts, true, 'nobody can know yet');
  const trial = beginTrial(FRESH, 2);
  const both = afterOutcome(twice.outage, {
    name: 'b',
    state: trial,
    outcome: local,
    names: ['a', 'b'],
    nowMs: 3,
  });
  assert.equal(both.counts, false);
  assert.deepEqual(both.restored.get('a'), FRESH);
  assert.deepEqual(both.restored.get('b')?.gate, { kind: 'half-open', sinceMs: 2 });
});

test('a trial that is under way goes on in the state from before', () => {
  const before = { ...FRESH, trafficFailures: 2 };
  const trial = beginTrial({ ...FRESH, probeFailures: 1 }, 7);
  assert.deepEqual(restored(trial, before), { ...before, gate: trial.gate });
  assert.deepEqual(restored(FRESH, before), before);
  assert.deepEqual(restored(trial, undefined), trial);
});

test('during it nobody is charged for anything; the first answer of anybody ends it', () => {
  const begun = after('a:local b:local').outage;
  const next = (outcome: Outcome): OutageStep =>
    afterOutcome(begun, { name: 'a', state: FRESH, outcome, names: ['a', 'b'], nowMs: 9 });
  for (const outcome of [local, dns, reset, clientGone]) {
    const why = outcome === clientGone ? local.detail : outcome.detail;
    assert.deepEqual(next(outcome), { outage: { ...begun, why }, counts: false, restored: new Map() }, why);
  }
  for (const outcome of [ok, notFound, unavailable, OUTCOMES.rateLimited, OUTCOMES.wrong]) {
    assert.deepEqual(next(outcome), { outage: NO_OUTAGE, counts: true, restored: new Map() }, outcome.detail);
  }
});

test('what was heard of a mirror that is gone says nothing of another one of its name', () => {
  const { outage } = after('a:local', ['a', 'b']);
  assert.deepEqual(remembering(outage, new Set(['a'])), outage);
  assert.deepEqual(remembering(outage, new Set(['b'])), NO_OUTAGE);
  const begun = after('a:local b:local').outage;
  assert.equal(remembering(begun, new Set()), begun, 'it lasts until somebody answers');
});

test('it begins only when all are in trouble, and never lasts past an answer', () => {
  const heard = fc.array(
    fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(ok, reset, unavailable, clientGone, local, dns)),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(heard, (list) => {
      let outage: Outage = NO_OUTAGE;
      list.forEach(([name, outcome], nowMs) => {
        const before = outage;
        outage = afterOutcome(before, { name, state: FRESH, outcome, names: ['a', 'b', 'c'], nowMs }).outage;
        if (outcome.class === 'ok') assert.equal(outage.kind, 'none');
        if (before.kind === 'none' && outage.kind === 'outage') assert.equal(before.troubled.size >= 2, true);
      });
    }),
  );
});
