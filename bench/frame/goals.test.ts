import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goalFactor, judgeGoal } from './goals.ts';
import type { Goal, Sample } from './types.ts';

const GOAL: Goal = {
  measure: 'rate',
  of: 'rondo',
  reference: { kind: 'ratio', to: 'nginx' },
  op: '>=',
  value: 0.4,
  words: '>= 0.4x nginx',
};

function samplesOf(values: Record<string, number[]>): Sample[] {
  return Object.entries(values).flatMap(([contestant, each]) =>
    each.map((value, run) => ({ measure: 'rate', contestant, run, value })),
  );
}

test('the median decides, and meeting it exactly is enough', () => {
  const nginx = [100, 100, 100];
  const judge = (rondo: number[]): string =>
    judgeGoal(GOAL, samplesOf({ rondo, nginx }), new Set()).outcome.state;
  assert.equal(judge([10, 40, 90]), 'met');
  assert.equal(judge([10, 39, 90]), 'missed');
  const lower: Goal = { ...GOAL, op: '<=', value: 50, reference: { kind: 'value' } };
  assert.equal(judgeGoal(lower, samplesOf({ rondo: [49, 50, 99] }), new Set()).outcome.state, 'met');
  assert.equal(judgeGoal(lower, samplesOf({ rondo: [49, 51, 99] }), new Set()).outcome.state, 'missed');
});

test('a missing peer is told from a measurement that failed', () => {
  const samples = samplesOf({ rondo: [1] });
  assert.deepEqual(judgeGoal(GOAL, samples, new Set(['nginx'])).outcome, {
    state: 'peer missing',
    peer: 'nginx',
  });
  assert.deepEqual(judgeGoal(GOAL, samples, new Set(['goproxy'])).outcome, { state: 'not measured' });
});

test('the factor is above 1 where the goal is passed, whichever way it goes', () => {
  assert.equal(goalFactor({ op: '>=', value: 2 }, 4), 2);
  assert.equal(goalFactor({ op: '<=', value: 2 }, 4), 0.5);
  assert.equal(goalFactor({ op: '<=', value: 200 }, -3), undefined, 'a difference below nothing');
  assert.equal(goalFactor({ op: '<=', value: 1 }, 0), undefined);
});
