import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joinSubtrees, nodeHash, recordHash, splitStoredHashIndex, subtreesOf } from './log-hashes.ts';
import {
  isRecordProof,
  isTreeProof,
  recordProof,
  recordProofIndexes,
  treeProof,
  treeProofIndexes,
} from './log-proofs.ts';

const LEAVES = Array.from({ length: 80 }, (_, n) => recordHash(`record ${n}\n`));

function hashAt(index: number): Buffer {
  const { level, n } = splitStoredHashIndex(index);
  const hash = (up: number, at: number): Buffer =>
    up === 0 ? (LEAVES[at] ?? assert.fail()) : nodeHash(hash(up - 1, 2 * at), hash(up - 1, 2 * at + 1));
  return hash(level, n);
}

function root(size: number): Buffer {
  const hash = (level: number, n: number): Buffer =>
    level === 0 ? (LEAVES[n] ?? assert.fail()) : nodeHash(hash(level - 1, 2 * n), hash(level - 1, 2 * n + 1));
  return joinSubtrees(subtreesOf(0, size).map(({ level, n }) => hash(level, n)));
}

/** Everything that a proof must not be taken for. */
function spoilt(proof: readonly Buffer[]): Buffer[][] {
  const others: Buffer[][] = [[...proof, Buffer.alloc(32)], proof.slice(1), proof.toReversed()];
  for (const [at, hash] of proof.entries()) others.push(proof.with(at, recordHash(hash)));
  return others.filter((other) => !Buffer.concat(other).equals(Buffer.concat(proof)));
}

test('every record of every small tree has a proof, and no other is one', () => {
  for (let size = 1; size <= 40; size += 1) {
    const tree = { size, root: root(size) };
    for (let n = 0; n < size; n += 1) {
      const leaf = LEAVES[n] ?? assert.fail();
      const proof = recordProof(size, n, recordProofIndexes(size, n).map(hashAt));
      assert.ok(isRecordProof(proof, tree, { n, leaf }), `${n} of ${size}`);
      assert.ok(!isRecordProof(proof, tree, { n, leaf: recordHash('another') }));
      assert.ok(!isRecordProof(proof, tree, { n: size, leaf }));
      for (const other of spoilt(proof)) assert.ok(!isRecordProof(other, tree, { n, leaf }));
    }
  }
});

test('every smaller tree has a proof in every larger one, and no other is one', () => {
  const sizes = fc.integer({ min: 1, max: 80 });
  fc.assert(
    fc.property(sizes, sizes, (one, two) => {
      const [older, newer] = [Math.min(one, two), Math.max(one, two)].map((size) => ({
        size,
        root: root(size),
      }));
      assert.ok(older !== undefined && newer !== undefined);
      const proof = treeProof(newer.size, older.size, treeProofIndexes(newer.size, older.size).map(hashAt));
      assert.ok(isTreeProof(proof, newer, older));
      assert.ok(!isTreeProof(proof, newer, { ...older, root: recordHash('fork') }));
      assert.ok(!isTreeProof(proof, { ...newer, root: recordHash('fork') }, older));
      assert.ok(!isTreeProof(proof, older, { ...newer, size: newer.size + 1 }));
      for (const other of spoilt(proof)) assert.ok(!isTreeProof(other, newer, older));
    }),
  );
});
