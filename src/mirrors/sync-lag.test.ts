import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { afterList, lagOf, lagsOf, NO_LAGS, type SyncLags } from './sync-lag.ts';

const list = (...versions: string[]): { version: string }[] => versions.map((version) => ({ version }));

test('who has nothing as new as another lags, since that was seen first', () => {
  let lags = afterList(NO_LAGS, 'a', list('v1.0.0', 'v1.1.0'), 0);
  assert.equal(lagOf(lags, 'a', 10), undefined, 'there is nobody to compare with');
  lags = afterList(lags, 'b', list('v1.1.0', 'v1.0.0'), 1000);
  assert.deepEqual(
    [lagOf(lags, 'a', 1000), lagOf(lags, 'b', 1000), lagOf(lags, 'c', 1000)],
    [0, 0, undefined],
  );
  lags = afterList(lags, 'a', list('v1.0.0', 'v1.1.0', 'v1.2.0'), 300_000);
  lags = afterList(lags, 'a', list('v1.0.0', 'v1.1.0', 'v1.2.0', 'v1.3.0'), 600_000);
  assert.deepEqual([lagOf(lags, 'a', 700_000), lagOf(lags, 'b', 700_000)], [0, 400_000]);
  lags = afterList(lags, 'b', list('v1.1.0', 'v1.2.0'), 700_000);
  assert.equal(lagOf(lags, 'b', 700_000), 100_000, 'half-way');
  lags = afterList(lags, 'b', list('v1.3.0'), 800_000);
  assert.equal(lagOf(lags, 'b', 800_000), 0);
  assert.equal(lags.seenMs.size, 0, 'what everybody has is forgotten');
});

test('versions that a mirror leaves out below its highest, and pseudo-versions, are no lag', () => {
  let lags = afterList(NO_LAGS, 'a', list('v1.0.0', 'v1.1.0-rc.1', 'v1.1.0'), 0);
  lags = afterList(lags, 'b', list('v1.1.0'), 0);
  lags = afterList(lags, 'a', list('v1.1.0', 'v1.1.1-0.20250101000000-0123456789ab'), 10);
  assert.equal(lagOf(lags, 'b', 1000), 0);
  assert.equal(afterList(lags, 'b', [], 10), lags);
});

test('what only a mirror had that is gone makes nobody lag', () => {
  let lags = afterList(NO_LAGS, 'c', list('v1.0.0'), 0);
  lags = afterList(lags, 'b', list('v1.0.0', 'v1.1.0'), 0);
  lags = afterList(lags, 'a', list('v1.0.0', 'v1.1.0', 'v1.2.0'), 0);
  assert.deepEqual([lagOf(lags, 'b', 50), lagOf(lags, 'c', 50)], [50, 50]);
  const left = lagsOf(lags, new Set(['b', 'c']));
  assert.deepEqual([lagOf(left, 'a', 50), lagOf(left, 'b', 50), lagOf(left, 'c', 50)], [undefined, 0, 50]);
  assert.deepEqual(lagsOf(lags, new Set()), NO_LAGS);
});

test('lags are never negative, somebody has none, and a long list is cut', () => {
  const version = fc.integer({ min: 0, max: 30 }).map((minor) => `v1.${minor}.0`);
  const heard = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.array(version, { maxLength: 80 })), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(heard, (lists) => {
      let lags: SyncLags = NO_LAGS;
      lists.forEach(([mirror, versions], index) => {
        lags = afterList(lags, mirror, list(...versions), index * 1000);
      });
      const known = ['a', 'b', 'c'].flatMap((each) => lagOf(lags, each, lists.length * 1000) ?? []);
      assert.ok(known.every((ms) => ms >= 0));
      if (known.length > 0) assert.ok(known.includes(0));
      assert.ok(lags.seenMs.size <= 150);
    }),
  );
});
