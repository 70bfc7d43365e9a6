import assert from 'node:assert/strict';
import { joinSubtrees, nodeHash, powerBelow, subtreeIndexes, subtreesOf } from './log-hashes.ts';

/**
 * Proofs of RFC 6962 as golang.org/x/mod/sumdb/tlog has them: a list of hashes, the deepest first. The client
 * itself proves by tiles; these are for whoever has no tiles: evidence that is shown to people.
 */
export type LogProof = readonly Buffer[];

/** The stored hashes that the proof of record `n` in a tree of `size` is made of (tlog.leafProofIndex). */
export function recordProofIndexes(size: number, n: number): number[] {
  assert.ok(n >= 0 && n < size, 'the record is in the tree');
  return recordProofParts(0, size, n).flatMap(([lo, hi]) => subtreeIndexes(lo, hi));
}

/** The proof, from the hashes of recordProofIndexes (tlog.ProveRecord). */
export function recordProof(size: number, n: number, hashes: readonly Buffer[]): LogProof {
  return foldParts(recordProofParts(0, size, n), hashes).toReversed();
}

/** Whether `proof` shows that a tree of `size` and `root` has `leaf` as its record `n` (tlog.CheckRecord). */
export function isRecordProof(
  proof: LogProof,
  { size, root }: { readonly size: number; readonly root: Buffer },
  { n, leaf }: { readonly n: number; readonly leaf: Buffer },
): boolean {
  if (n < 0 || n >= size) return false;
  return runRecordProof(proof, 0, size, n, leaf)?.equals(root) ?? false;
}

/** The stored hashes that the proof of a tree of `older` in one of `newer` records is made of (tlog.treeProofIndex). */
export function treeProofIndexes(newer: number, older: number): number[] {
  assert.ok(older >= 1 && older <= newer, 'the older tree is the smaller one');
  return treeProofParts(0, newer, older).flatMap(([lo, hi]) => subtreeIndexes(lo, hi));
}

/** The proof, from the hashes of treeProofIndexes (tlog.ProveTree). */
export function treeProof(newer: number, older: number, hashes: readonly Buffer[]): LogProof {
  return foldParts(treeProofParts(0, newer, older), hashes).toReversed();
}

/** Whether `proof` shows that the tree `newer` begins with all records of `older` (tlog.CheckTree). */
export function isTreeProof(
  proof: LogProof,
  newer: { readonly size: number; readonly root: Buffer },
  older: { readonly size: number; readonly root: Buffer },
): boolean {
  if (older.size < 1 || older.size > newer.size) return false;
  const roots = runTreeProof(proof, 0, newer.size, older);
  return roots !== undefined && roots[0].equals(older.root) && roots[1].equals(newer.root);
}

/** Ranges of records `[lo, hi)`, the outermost first. */
type Parts = readonly (readonly [lo: number, hi: number])[];

function recordProofParts(lo: number, hi: number, n: number): Parts {
  if (lo + 1 === hi) return [];
  const middle = lo + powerBelow(hi - lo).size;
  return n < middle
    ? [[middle, hi], ...recordProofParts(lo, middle, n)]
    : [[lo, middle], ...recordProofParts(middle, hi, n)];
}

function treeProofParts(lo: number, hi: number, n: number): Parts {
  if (n === hi) return lo === 0 ? [] : [[lo, hi]];
  const middle = lo + powerBelow(hi - lo).size;
  return n <= middle
    ? [[middle, hi], ...treeProofParts(lo, middle, n)]
    : [[lo, middle], ...treeProofParts(middle, hi, n)];
}

/** One hash a part, from the stored hashes of all of them in the order of the parts. */
function foldParts(parts: Parts, hashes: readonly Buffer[]): Buffer[] {
  let used = 0;
  const folded = parts.map(([lo, hi]) => {
    const count = subtreesOf(lo, hi).length;
    used += count;
    return joinSubtrees(hashes.slice(used - count, used));
  });
  assert.equal(used, hashes.length, 'as many hashes as were asked for');
  return folded;
}

function runRecordProof(
  proof: LogProof,
  lo: number,
  hi: number,
  n: number,
  leaf: Buffer,
): Buffer | undefined {
  if (lo + 1 === hi) return proof.length === 0 ? leaf : undefined;
  const last = proof.at(-1);
  if (last === undefined) return undefined;
  const rest = proof.slice(0, -1);
  const middle = lo + powerBelow(hi - lo).size;
  const inner =
    n < middle ? runRecordProof(rest, lo, middle, n, leaf) : runRecordProof(rest, middle, hi, n, leaf);
  if (inner === undefined) return undefined;
  return n < middle ? nodeHash(inner, last) : nodeHash(last, inner);
}

function runTreeProof(
  proof: LogProof,
  lo: number,
  hi: number,
  older: { readonly size: number; readonly root: Buffer },
): readonly [older: Buffer, newer: Buffer] | undefined {
  const last = proof.at(-1);
  if (older.size === hi) {
    if (lo === 0) return proof.length === 0 ? [older.root, older.root] : undefined;
    return proof.length === 1 && last !== undefined ? [last, last] : undefined;
  }
  if (last === undefined) return undefined;
  const rest = proof.slice(0, -1);
  const middle = lo + powerBelow(hi - lo).size;
  if (older.size <= middle) {
    const inner = runTreeProof(rest, lo, middle, older);
    return inner && [inner[0], nodeHash(inner[1], last)];
  }
  const inner = runTreeProof(rest, middle, hi, older);
  return inner && [nodeHash(last, inner[0]), nodeHash(last, inner[1])];
}
