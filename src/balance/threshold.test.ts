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

test('the usual rate follows within a hundred visits, and an outage opens a good gate with its third failure', () => {
  let rate = usualRateAfter(usualRateAfter(0, true), true);
  assert.equal(failuresThatOpen(rate, { min: 3, max: 10 }), 3);
  for (let n = 0; n < 100; n += 1) rate = usualRateAfter(rate, n % 4 === 0);
  assert.ok(Math.abs(rate - 0.25) < 0.05, String(rate));
});
