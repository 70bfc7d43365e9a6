import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { afterCertainty, afterList, doubtsOf, lagOf, lagsOf, NO_LAGS, type SyncLags } from './sync-lag.ts';

const list = (...versions: string[]): { version: string }[] => versions.map((version) => ({ version }));

/** The lags after a list of which everything is certain. */
function afterTrue(lags: SyncLags, mirror: string, versions: readonly string[], nowMs: number): SyncLags {
  let after = afterList(lags, mirror, list(...versions), nowMs);
  for (const version of versions) after = afterCertainty(after, version, nowMs);
  return after;
}

test('who has nothing as new as another lags, since that was seen first', () => {
  let lags = afterTrue(NO_LAGS, 'a', ['v1.0.0', 'v1.1.0'], 0);
  assert.equal(lagOf(lags, 'a', 10), undefined, 'there is nobody to compare with');
  lags = afterTrue(lags, 'b', ['v1.1.0', 'v1.0.0'], 1000);
  assert.deepEqual(
    [lagOf(lags, 'a', 1000), lagOf(lags, 'b', 1000), lagOf(lags, 'c', 1000)],
    [0, 0, undefined],
  );
  lags = afterTrue(lags, 'a', ['v1.0.0', 'v1.1.0', 'v1.2.0'], 300_000);
  lags = afterTrue(lags, 'a', ['v1.0.0', 'v1.1.0', 'v1.2.0', 'v1.3.0'], 600_000);
  assert.deepEqual([lagOf(lags, 'a', 700_000), lagOf(lags, 'b', 700_000)], [0, 400_000]);
  lags = afterTrue(lags, 'b', ['v1.1.0', 'v1.2.0'], 700_000);
  assert.equal(lagOf(lags, 'b', 700_000), 100_000, 'half-way');
  lags = afterTrue(lags, 'b', ['v1.3.0'], 800_000);
  assert.equal(lagOf(lags, 'b', 800_000), 0);
  assert.equal(lags.seenMs.size, 0, 'what everybody has is forgotten');
});

test('versions that a mirror leaves out below its highest, and pseudo-versions, are no lag', () => {
  let lags = afterTrue(NO_LAGS, 'a', ['v1.0.0', 'v1.1.0-rc.1', 'v1.1.0'], 0);
  lags = afterTrue(lags, 'b', ['v1.1.0'], 0);
  lags = afterTrue(lags, 'a', ['v1.1.0', 'v1.1.1-0.20250101000000-0123456789ab'], 10);
  assert.equal(lagOf(lags, 'b', 1000), 0);
  assert.equal(afterList(lags, 'b', [], 10), lags);
});

test('what only a mirror had that is gone makes nobody lag', () => {
  let lags = afterTrue(NO_LAGS, 'c', ['v1.0.0'], 0);
  lags = afterTrue(lags, 'b', ['v1.0.0', 'v1.1.0'], 0);
  lags = afterTrue(lags, 'a', ['v1.0.0', 'v1.1.0', 'v1.2.0'], 0);
  assert.deepEqual([lagOf(lags, 'b', 50), lagOf(lags, 'c', 50)], [50, 50]);
  const left = lagsOf(lags, new Set(['b', 'c']), 50);
  assert.deepEqual([lagOf(left, 'a', 50), lagOf(left, 'b', 50), lagOf(left, 'c', 50)], [undefined, 0, 50]);
  assert.deepEqual(lagsOf(lags, new Set(), 50), NO_LAGS);
});

test('what one mirror alone lists makes nobody lag until it is certain, or another lists it too', () => {
  let lags = NO_LAGS;
  for (const mirror of ['a', 'b', 'c']) lags = afterList(lags, mirror, list('v1.0.0', 'v1.1.0'), 0);
  lags = afterList(lags, 'c', list('v1.1.0', 'v1.2.0', 'v1.99999.0'), 10);
  assert.deepEqual(doubtsOf(lags, 'c'), ['v1.99999.0', 'v1.2.0'], 'to be looked up');
  assert.deepEqual(doubtsOf(lags, 'a'), []);
  assert.deepEqual([lagOf(lags, 'a', 1000), lagOf(lags, 'c', 1000)], [0, 0]);
  const certain = afterCertainty(lags, 'v1.2.0', 20);
  assert.deepEqual([lagOf(certain, 'a', 1000), lagOf(certain, 'c', 1000)], [980, 0]);
  assert.deepEqual(doubtsOf(certain, 'c'), ['v1.99999.0']);
  const both = afterList(lags, 'b', list('v1.2.0'), 30);
  assert.deepEqual([lagOf(both, 'a', 1000), lagOf(both, 'b', 1000), lagOf(both, 'c', 1000)], [970, 0, 0]);
});

test('a mirror that lists nothing but inventions is not known to lag, and four of them are doubts', () => {
  const invented = Array.from({ length: 50 }, (_, n) => `v9.${n}.0`);
  let lags = afterTrue(NO_LAGS, 'a', ['v1.0.0'], 0);
  lags = afterTrue(lags, 'b', ['v1.0.0'], 0);
  lags = afterList(lags, 'liar', list('v1.0.0', ...invented), 0);
  assert.deepEqual(doubtsOf(lags, 'liar'), ['v9.49.0', 'v9.48.0', 'v9.47.0', 'v9.46.0']);
  assert.deepEqual([lagOf(lags, 'a', 1000), lagOf(lags, 'liar', 1000)], [0, undefined]);
});

test('what a mirror listed long ago says nothing any more', () => {
  let lags = afterTrue(NO_LAGS, 'gone', ['v1.9.0'], 0);
  lags = afterTrue(lags, 'a', ['v1.0.0'], 0);
  lags = afterTrue(lags, 'b', ['v1.0.0'], 0);
  assert.equal(lagOf(lags, 'a', 1000), 1000);
  const threeDaysMs = 3 * 24 * 3_600_000;
  lags = afterTrue(lags, 'b', ['v1.0.0'], threeDaysMs + 1);
  lags = afterTrue(lags, 'a', ['v1.0.0'], threeDaysMs + 1);
  assert.deepEqual([lagOf(lags, 'a', threeDaysMs + 2), lags.listed.has('gone')], [0, false]);
});

test('however many new versions mirrors list for however long, little is remembered of them', () => {
  let lags = afterTrue(NO_LAGS, 'a', ['v1.0.0'], 0);
  for (let round = 0; round < 200; round += 1) {
    // All that two liars list together is believed; of one of them alone it is certain.
    const fresh = Array.from({ length: 49 }, (_, n) => `v1.${round * 49 + n + 1}.0`);
    for (const mirror of ['x', 'y']) lags = afterList(lags, mirror, list('v1.99999.0', ...fresh), round);
    lags = afterTrue(lags, 'z', fresh, round);
  }
  const listed = [...lags.listed.values()].reduce((sum, { versions }) => sum + versions.length, 0);
  assert.ok(listed <= 61, `${listed} are listed`);
  assert.ok(lags.seenMs.size <= 100 && lags.certain.size <= listed, `${lags.seenMs.size} are seen`);
});

test('lags are never negative, somebody has none, and a long list is cut', () => {
  const version = fc.integer({ min: 0, max: 30 }).map((minor) => `v1.${minor}.0`);
  const versions = fc.array(version, { maxLength: 80 });
  const heard = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), versions, fc.array(version)), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(heard, (lists) => {
      let lags: SyncLags = NO_LAGS;
      lists.forEach(([mirror, theirs, certain], index) => {
        lags = afterList(lags, mirror, list(...theirs), index * 1000);
        for (const each of certain) lags = afterCertainty(lags, each, index * 1000);
      });
      const known = ['a', 'b', 'c'].flatMap((each) => lagOf(lags, each, lists.length * 1000) ?? []);
      assert.ok(known.every((ms) => ms >= 0 && ms < Infinity));
      if (known.length > 0) assert.ok(known.includes(0));
      assert.ok(lags.seenMs.size <= 100);
      assert.ok([...lags.listed.values()].every((each) => each.versions.length <= 20));
    }),
  );
});
