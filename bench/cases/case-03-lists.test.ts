import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ratePerMinute } from './case-03-lists.ts';

test('the rate is that between the first and the last request', () => {
  assert.equal(ratePerMinute([1000, 61_000, 121_000]), 1);
  assert.equal(ratePerMinute([1000, 31_000]), 2);
  assert.equal(ratePerMinute([1000]), 0);
  assert.equal(ratePerMinute([]), 0);
});
