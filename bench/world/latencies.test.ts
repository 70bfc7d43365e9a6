import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summariseLatencies } from './latencies.ts';

test('percentiles are values that were measured, whatever their order', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  const expected = { count: 100, mean: 50.5, p50: 50, p90: 90, p99: 99, max: 100 };
  assert.deepEqual(summariseLatencies(values), expected);
});

test('one value is all percentiles, none is no number', () => {
  assert.deepEqual(summariseLatencies([7]), { count: 1, mean: 7, p50: 7, p90: 7, p99: 7, max: 7 });
  assert.equal(summariseLatencies([]).p99, Number.NaN);
});
