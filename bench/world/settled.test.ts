import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answered } from '../../test/faults/rows/figures.ts';
import { settledAfterMs } from './settled.ts';

/** One request every 10 ms for 20 s. */
function answers(isRight: (dueMs: number) => boolean): Answered[] {
  return Array.from({ length: 2000 }, (_, index) => {
    const dueMs = index * 10;
    const ending = isRight(dueMs) ? 'right' : 'failed';
    return { dueMs, tookMs: 1, ending, status: 0, said: '' } as const;
  });
}

const WELL = { share: 0.99, windowMs: 5000 };

test('all is well where 99 of 100 are right from then on', () => {
  assert.equal(
    settledAfterMs(
      answers((dueMs) => dueMs >= 8000),
      8000,
      WELL,
    ),
    0,
  );
  // Of the 500 requests of five seconds, five may fail: those of the last 50 ms before 9.5 s.
  assert.equal(
    settledAfterMs(
      answers((dueMs) => dueMs >= 9500),
      8000,
      WELL,
    ),
    1450,
  );
});

test('a relapse within the window counts, one after it does not', () => {
  const relapse = (fromMs: number) => (dueMs: number) =>
    dueMs >= 8000 && (dueMs < fromMs || dueMs >= fromMs + 500);
  assert.equal(settledAfterMs(answers(relapse(10_000)), 8000, WELL), 2450);
  assert.equal(settledAfterMs(answers(relapse(14_000)), 8000, WELL), 0);
});

test('never is never', () => {
  assert.equal(
    settledAfterMs(
      answers(() => false),
      8000,
      WELL,
    ),
    Infinity,
  );
  assert.equal(settledAfterMs([], 8000, WELL), Infinity);
});
