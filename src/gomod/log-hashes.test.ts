import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TransparencyLog } from '../../test/support/transparency-log.ts';
import {
  joinSubtrees,
  nodeHash,
  recordHash,
  splitStoredHashIndex,
  storedHashIndex,
  subtreesOf,
} from './log-hashes.ts';
import { MAX_TREE_SIZE } from './tree-head.ts';

test('stored hashes stand in the order in which records complete them', () => {
  const order: string[] = [];
  for (let record = 0; record < 16; record += 1) {
    for (let level = 0; (record + 1) % 2 ** level === 0; level += 1) {
      order.push(`${level} ${(record + 1) / 2 ** level - 1}`);
    }
  }
  assert.deepEqual(
    order.map((_, index) => splitStoredHashIndex(index)).map(({ level, n }) => `${level} ${n}`),
    order,
  );
});

test('storedHashIndex and its inverse are exact up to the largest tree', () => {
  const levels = fc.integer({ min: 0, max: 48 });
  fc.assert(
    fc.property(levels, fc.nat({ max: MAX_TREE_SIZE }), (level, leaf) => {
      const n = Math.floor(leaf / 2 ** level);
      assert.deepEqual(splitStoredHashIndex(storedHashIndex(level, n)), { level, n });
      // The definition with numbers that cannot overflow.
      let at = BigInt(n);
      for (let up = 0; up < level; up += 1) at = 2n * at + 1n;
      let index = BigInt(level);
      for (; at > 0n; at /= 2n) index += at;
      assert.equal(BigInt(storedHashIndex(level, n)), index);
    }),
  );
});

test('a log falls into complete subtrees, whose hashes make its root', () => {
  assert.deepEqual(subtreesOf(0, 13), [
    { level: 3, n: 0 },
    { level: 2, n: 2 },
    { level: 0, n: 12 },
  ]);
  const log = new TransparencyLog();
  const leaves: Buffer[] = [];
  const hashOf = (level: number, n: number): Buffer => {
    if (level === 0) return leaves[n] ?? assert.fail();
    return nodeHash(hashOf(level - 1, 2 * n), hashOf(level - 1, 2 * n + 1));
  };
  for (let size = 0; size <= 70; size += 1) {
    const joined = joinSubtrees(subtreesOf(0, size).map(({ level, n }) => hashOf(level, n)));
    assert.deepEqual(joined, log.rootHash(), `size ${size}`);
    const record = `record ${size}\n`;
    log.append(Buffer.from(record));
    leaves.push(recordHash(record));
  }
});
