import assert from 'node:assert/strict';
import { hash } from 'node:crypto';

/** Every hash of the log is a SHA-256. */
export const HASH_BYTES = 32;

const RECORD_PREFIX = Buffer.from([0]);
/** RFC 6962, section 2.1: the hash of an empty log is that of the empty string. */
const EMPTY_LOG: Buffer = hash('sha256', '', 'buffer');

/** The hash of a record, its text with all newlines (RFC 6962, section 2.1; tlog.RecordHash). */
export function recordHash(text: string | Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([RECORD_PREFIX, Buffer.from(text)]), 'buffer');
}

/** The hash over two neighbours (tlog.NodeHash). */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  const both = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  both[0] = 1;
  left.copy(both, 1);
  right.copy(both, 1 + HASH_BYTES);
  return hash('sha256', both, 'buffer');
}

/**
 * Where the `n`th hash of `level` stands in the one line of all hashes of complete subtrees, in the order in
 * which records complete them (tlog.StoredHashIndex). Bit operations would cut numbers at 32 bits, hence the
 * arithmetic here and in all that follows.
 */
export function storedHashIndex(level: number, n: number): number {
  let leaf = n;
  for (let up = level; up > 0; up -= 1) leaf = 2 * leaf + 1;
  let index = level;
  for (; leaf > 0; leaf = Math.floor(leaf / 2)) index += leaf;
  return index;
}

/** The inverse of storedHashIndex (tlog.SplitStoredHashIndex). */
export function splitStoredHashIndex(index: number): { readonly level: number; readonly n: number } {
  // The record that completes it is in index/2 … index/2 + log2(index).
  let leaf = Math.floor(index / 2);
  let leafIndex = storedHashIndex(0, leaf);
  for (;;) {
    const next = leafIndex + 1 + trailingZeros(leaf + 1);
    if (next > index) break;
    leaf += 1;
    leafIndex = next;
  }
  const level = index - leafIndex;
  return { level, n: Math.floor(leaf / 2 ** level) };
}

function trailingZeros(n: number): number {
  let count = 0;
  for (let rest = n; rest % 2 === 0; rest /= 2) count += 1;
  return count;
}

/** The largest power of two below `n` (at least 2), with its exponent (tlog.maxpow2). */
export function powerBelow(n: number): { readonly size: number; readonly level: number } {
  let level = 0;
  while (2 ** (level + 1) < n) level += 1;
  return { size: 2 ** level, level };
}

/** Levels and numbers of the complete subtrees that records `lo` up to, not including, `hi` consist of, from left to right. */
export function subtreesOf(lo: number, hi: number): { readonly level: number; readonly n: number }[] {
  const subtrees: { level: number; n: number }[] = [];
  for (let at = lo; at < hi;) {
    const { size, level } = powerBelow(hi - at + 1);
    assert.equal(at % size, 0, 'a subtree begins at a multiple of its size');
    subtrees.push({ level, n: at / size });
    at += size;
  }
  return subtrees;
}

/** The stored hashes that the hash over records `lo` up to `hi` is made of (tlog.subTreeIndex). */
export function subtreeIndexes(lo: number, hi: number): number[] {
  return subtreesOf(lo, hi).map(({ level, n }) => storedHashIndex(level, n));
}

/** The hash over neighbouring subtrees, the largest of which stands leftmost (tlog.subTreeHash, TreeHash). */
export function joinSubtrees(hashes: readonly Buffer[]): Buffer {
  let joined: Buffer | undefined;
  for (const each of hashes.toReversed()) joined = joined === undefined ? each : nodeHash(each, joined);
  return joined ?? EMPTY_LOG;
}
