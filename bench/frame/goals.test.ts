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

const LOWER: Goal = { ...GOAL, op: '<=', value: 50, reference: { kind: 'value' } };

function judge(goal: Goal, rondo: number[], minRuns?: number): string {
  const samples = samplesOf({ rondo, nginx: rondo.map(() => 100) });
  return judgeGoal(goal, samples, new Set(), minRuns === undefined ? {} : { minRuns }).outcome.state;
}

test('the median decides, and meeting it exactly is enough', () => {
  assert.equal(judge(GOAL, [40, 40, 40, 80, 90]), 'met');
  assert.equal(judge(GOAL, [10, 20, 39, 39, 39]), 'missed');
  assert.equal(judge(LOWER, [10, 20, 50, 50, 50]), 'met');
  assert.equal(judge(LOWER, [51, 51, 51, 80, 90]), 'missed');
});

test('where single runs say the opposite of the median, the result says so', () => {
  assert.equal(judge(GOAL, [39, 40, 40, 80, 90]), 'met, within the spread');
  assert.equal(judge(GOAL, [10, 20, 39, 39, 40]), 'missed, within the spread');
  assert.equal(judge(LOWER, [10, 20, 50, 50, 51]), 'met, within the spread');
  assert.equal(judge(LOWER, [50, 51, 51, 80, 90]), 'missed, within the spread');
});

test('what may not happen once is judged by every run', () => {
  const every: Goal = { ...LOWER, value: 0, every: true };
  assert.equal(judge(every, [0, 0, 0, 0, 0]), 'met');
  assert.equal(judge(every, [0, 0, 0, 0, 1]), 'missed');
  assert.equal(judge(every, [0, 0]), 'too few runs');
});

test('fewer runs than are asked for are neither met nor missed: pairs count, not single values', () => {
  assert.equal(judge(GOAL, [90, 90, 90, 90]), 'too few runs');
  assert.equal(judge(GOAL, [90, 90, 90, 90, 90], 10), 'too few runs');
  assert.equal(judge(GOAL, [90], 1), 'met');
  const unpaired = samplesOf({ rondo: [90, 90, 90, 90, 90], nginx: [100, 100] });
  assert.deepEqual(judgeGoal(GOAL, unpaired, new Set()).outcome, {
    state: 'too few runs',
    wanted: 5,
    median: 0.9,
    min: 0.9,
    max: 0.9,
    count: 2,
  });
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
