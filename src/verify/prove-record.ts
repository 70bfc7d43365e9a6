import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { parseChecksumRecord, recordHashes } from '../gomod/checksum-record.ts';
import { recordHash, storedHashIndex } from '../gomod/log-hashes.ts';
import type { VerifierKey } from '../gomod/verifier-key.ts';
import type { Reach } from './database-ops.ts';
import type { TileProver } from './prove-tiles.ts';
import { openHead, type SignedHead, type TreeHeads } from './tree-heads.ts';
import { say } from '../words/text.ts';

/** One record as a lookup answers it. */
export type LookupRecord = {
  /** Its number in the log. */
  readonly id: number;
  /** go.sum lines, each with its newline: what the log has the hash of. */
  readonly text: string;
  /** The signed tree that came along. */
  readonly note: string;
};

/** What the proof of a record came to. */
export type RecordProof =
  /** It is record `id` of `head`. */
  | { readonly kind: 'proven'; readonly head: SignedHead }
  /** What was given cannot be true. */
  | { readonly kind: 'lie'; readonly why: string }
  /** It may be true, or not: something for the proof is missing, or contradicts it. */
  | { readonly kind: 'open'; readonly error: RondoError };

/** The body of a lookup (sumdb.Server). */
export function formatLookup({ id, text, note }: LookupRecord): string {
  return `${id}\n${text}\n${note}`;
}

/**
 * Reads the body of a lookup of `module@version`. From a mirror: hostile, nothing of it is proven here.
 * Throws RondoError E_BAD_CONTENT for what is malformed or about something else.
 */
export function parseLookup(bytes: Buffer, module: string, version: string): LookupRecord {
  const record = parseChecksumRecord(bytes.toString('utf8'));
  if (recordHashes(record, module, version) === undefined) {
    throw new RondoError('E_BAD_CONTENT', say('a record of another version'));
  }
  const text = record.lines.map((line) => `${line}\n`).join('');
  return { id: record.id, text, note: record.noteText };
}

/**
 * Proves a record in the newest tree, which the record's own tree must be of one timeline with
 * (sumdb.Client.Lookup). Both are asked for at once where the record is not newer than all that is known.
 * @throws RondoError E_CHECKSUM_FORK.
 */
export async function proveRecord(
  record: LookupRecord,
  reach: Reach,
  { key, heads, prover }: { key: VerifierKey; heads: TreeHeads; prover: TileProver },
): Promise<RecordProof> {
  const opened = openHead(record.note, key);
  if (opened.kind === 'not-signed') return { kind: 'lie', why: opened.why };
  if (record.id >= opened.signed.head.size) {
    return { kind: 'lie', why: `its number, ${record.id}, is beyond its own tree` };
  }
  try {
    const before = await heads.current();
    const early = before !== undefined && record.id < before.head.size ? before : undefined;
    const merging = heads.merge(opened.signed, reach).catch((error: unknown) => {
      // A record that is proven already needs no tree of its own, unless that is no true one.
      if (early === undefined || !isOutage(error)) throw error;
    });
    const [proven] = await Promise.all([
      early === undefined ? merging.then(() => undefined) : hasRecord(early, record, reach, prover),
      merging,
    ]);
    const head = early ?? (await heads.current());
    if (head === undefined) throw new RondoError('E_BUG', say('a tree that was merged is gone'));
    const isRight = proven ?? (await hasRecord(head, record, reach, prover));
    return isRight
      ? { kind: 'proven', head }
      : { kind: 'lie', why: 'the signed tree has another record in its place' };
  } catch (error) {
    if (!(error instanceof RondoError)) {
      return { kind: 'open', error: new RondoError('E_BUG', messageOf(error), { cause: error }) };
    }
    if (error.code === 'E_CHECKSUM_FORK') throw error;
    return { kind: 'open', error };
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof RondoError && error.kind !== 'integrity' && error.kind !== 'bug';
}

async function hasRecord(
  { head }: SignedHead,
  { id, text }: LookupRecord,
  reach: Reach,
  prover: TileProver,
): Promise<boolean> {
  const proof = await prover.prove(head, [storedHashIndex(0, id)], reach, 'believed');
  void proof.keep();
  return proof.hashes[0]?.equals(recordHash(text)) === true;
}
