import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUILD_ROWS } from '../../test/faults/rows/rows.ts';
import { BAD_MIRROR } from './case-07-bad-mirror.ts';

test('each fault for builds has a goal, or the conditions name it as left out', () => {
  const conditions = BAD_MIRROR.conditions.join(' ');
  for (const { name, what } of BUILD_ROWS) {
    const goal = BAD_MIRROR.goals.find(({ of, measure }) => of === name && measure === 'download');
    assert.notEqual(goal !== undefined, conditions.includes(`${what} (`), `${name}: the one or the other`);
  }
});

test('whoever waits for bytes may take 1.5x of good mirrors, all others 1.3x', () => {
  const allowed = (limit: number): string[] =>
    BAD_MIRROR.goals.filter(({ value }) => value === limit).map(({ of }) => of);
  assert.deepEqual(allowed(1.5).toSorted(), ['drip-body', 'drip-headers', 'hang', 'only-zips-hang', 'stall']);
  assert.ok(allowed(1.3).includes('flapping'));
  assert.equal(allowed(1.3).length + allowed(1.5).length + 1, BAD_MIRROR.goals.length);
});
