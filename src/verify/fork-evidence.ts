import { joinSubtrees } from '../gomod/log-hashes.ts';
import { isTreeProof, treeProof, treeProofIndexes } from '../gomod/log-proofs.ts';
import type { Proof } from './prove-tiles.ts';
import type { SignedHead } from './tree-heads.ts';

/**
 * What shows to anybody that a database has contradicted itself: both notes, and the proof that the newer
 * tree begins with other records than the older one, in the words of go (sumdb.Client.checkTrees). `proof`
 * has the hashes of the newer tree's first `older.size` records; two trees of one size need none.
 */
export function forkEvidence(older: SignedHead, newer: SignedHead, proof: Proof | undefined): string {
  return [
    'SECURITY ERROR',
    'go.sum database server misbehavior detected!',
    '',
    'old database:',
    ...indented(older.note),
    'new database:',
    ...indented(newer.note),
    'proof of misbehavior:',
    ...proofLines(older, newer, proof),
    '',
  ].join('\n');
}

function proofLines(older: SignedHead, newer: SignedHead, proof: Proof | undefined): string[] {
  const [before, after] = [older.head.size, newer.head.size];
  if (proof === undefined || before === 0) return ['\tthe two trees themselves'];
  const root = joinSubtrees(proof.hashes);
  const hashes = proof.also(treeProofIndexes(after, before));
  const shown = hashes === undefined ? [] : treeProof(after, before, hashes);
  const holds = isTreeProof(shown, { size: after, root: newer.head.hash }, { size: before, root });
  return holds
    ? [root, ...shown].map((hash) => `\t${hash.toString('base64')}`)
    : ['\tnot to be had from the tiles at hand'];
}

function indented(note: string): string[] {
  return note.split('\n').map((line) => `\t${line}`);
}
