import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figuresOf, type Answered, type Ending } from './figures.ts';

function answered(dueMs: number, ending: Ending, tookMs = 10): Answered {
  return { dueMs, tookMs, ending, status: ending === 'right' ? 200 : 503, said: '' };
}

test('endings are counted, times are of all requests', () => {
  const answers = Array.from({ length: 100 }, (_, n) => answered(n, n === 99 ? 'cut' : 'right', n + 1));
  const { endings, p50Ms, p99Ms, maxMs, attemptsPerRequest, recovery } = figuresOf(answers, 150);
  assert.deepEqual([endings.right, endings.cut, endings.wrong], [99, 1, 0]);
  assert.deepEqual([p50Ms, p99Ms, maxMs, attemptsPerRequest, recovery], [50, 99, 100, 1.5, undefined]);
});

test('recovery counts from when the mirrors were good', () => {
  const answers = [
    answered(0, 'right'),
    answered(100, 'failed'),
    answered(140, 'right', 60),
    answered(200, 'failed'),
    answered(300, 'right', 40),
    answered(400, 'failed'),
    answered(900, 'right'),
  ];
  const { recovery } = figuresOf(answers, 6, { goodAtMs: 150, withinMs: 500 });
  const first = { firstRightMs: 190, firstOfAllMs: 50 };
  assert.deepEqual(recovery, { ...first, rightShare: 1 / 3, failedUntilMs: 250 });
  const never = figuresOf(answers.slice(0, 2), 2, { goodAtMs: 150, withinMs: 500 });
  assert.equal(never.recovery?.firstRightMs, Infinity);
});
