import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLagGaps } from './lag-gaps.ts';

test('a gap begins with a mirror and where its lag is forgotten, and lasts for as long as the estimate may need', () => {
  const gaps = createLagGaps(100);
  const isIn = (nowMs: number, syncLagMs?: number): boolean =>
    gaps([{ name: 'a', status: 'HEALTHY', why: '', up: true, syncLagMs }], nowMs).has('a');
  assert.deepEqual([isIn(0), isIn(50, 0), isIn(99, 49), isIn(100, 50)], [true, true, true, false]);
  assert.deepEqual(
    [isIn(1000, 0), isIn(1010), isIn(1109), isIn(1110), isIn(9999)],
    [false, true, true, false, false],
  );
  gaps([], 10_000);
  assert.equal(isIn(10_001, 7), true, 'one that came back is another one');
});
