import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairedValues, summarise } from './statistics.ts';
import type { Sample } from './types.ts';

test('the median of an odd and of an even count, whatever the order', () => {
  assert.deepEqual(summarise([10, 2, 9]), { median: 9, min: 2, max: 10, count: 3 });
  assert.deepEqual(summarise([4, 1, 100, 2]), { median: 3, min: 1, max: 100, count: 4 });
  assert.equal(summarise([]), undefined);
});

test('ratios and differences are taken within a run, and runs without a pair count for nothing', () => {
  const of = (contestant: string, run: number, value: number): Sample => ({
    measure: 'rate',
    contestant,
    run,
    value,
  });
  const samples = [
    of('a', 0, 10),
    of('b', 1, 40),
    of('a', 1, 20),
    of('b', 0, 5),
    of('a', 2, 1),
    of('b', 3, 0),
  ];
  const noise = { measure: 'other', contestant: 'b', run: 2, value: 1 };
  const all = [...samples, noise, of('a', 3, 7)];
  assert.deepEqual(pairedValues(all, 'rate', 'a', { kind: 'ratio', to: 'b' }), [2, 0.5], 'no division by 0');
  assert.deepEqual(pairedValues(all, 'rate', 'a', { kind: 'difference', from: 'b' }), [5, -20, 7]);
  assert.deepEqual(pairedValues(all, 'rate', 'b', { kind: 'value' }), [40, 5, 0]);
});
