import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failuresThatOpen, usualRateAfter } from './threshold.ts';

test('the more a mirror usually fails, the more failures in a row it takes', () => {
  const bounds = { min: 3, max: 10 };
  const table = [
    [0, 3],
    [0.01, 3],
    [0.1, 3],
    [0.11, 4],
    [0.2, 5],
    [0.3, 6],
    [0.5, 10],
    [0.9, 10],
    [1, 10],
  ] as const;
  for (const [rate, expected] of table) assert.equal(failuresThatOpen(rate, bounds), expected, String(rate));
});

test('the usual rate follows in hundreds of visits, not in the few of an outage', () => {
  let rate = 0;
  for (let n = 0; n < 10; n += 1) rate = usualRateAfter(rate, true);
  assert.ok(rate < 0.1, String(rate));
  for (let n = 0; n < 2000; n += 1) rate = usualRateAfter(rate, n % 4 === 0);
  assert.ok(Math.abs(rate - 0.25) < 0.01, String(rate));
});
