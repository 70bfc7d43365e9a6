import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { poissonArrivals } from './arrivals.ts';

test('the same seed gives the same arrivals, another seed others', () => {
  const [once, again, other] = [7, 7, 8].map((seed) => poissonArrivals(50, 10_000, seededRandom(seed)));
  assert.deepEqual(once, again);
  assert.notDeepEqual(once, other);
});

test('gaps have the mean and the spread of a Poisson process, and stay in the time', () => {
  const due = [...poissonArrivals(100, 200_000, seededRandom(11))];
  const gaps = due.map((atMs, index) => atMs - (due[index - 1] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  assert.ok(Math.abs(mean - 10) < 0.3, `mean gap ${mean} ms`);
  // An exponential distribution spreads as far as its mean; a steady beat would not spread at all.
  assert.ok(Math.abs(Math.sqrt(variance) / mean - 1) < 0.05, `spread ${Math.sqrt(variance) / mean}`);
  assert.ok(gaps.every((gap) => gap > 0) && (due.at(-1) ?? Infinity) < 200_000);
});
