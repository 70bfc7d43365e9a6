import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import { readProvenance } from '../proxy/trusted-files.ts';
import type { Provenance } from '../store/store.ts';
import type { Candidate, Expectation, Verdict } from '../verify/verifier.ts';
import { saidByVerifier, saidOf, type Said } from './said.ts';
import type { CopyWork } from './work.ts';
import { say } from '../words/text.ts';

/** What a file of a version is, held against everything that is known. */
export type Check =
  | {
      readonly kind: 'right';
      /** What it was compared with. `none`: an `.info`, of which only the form can be judged. */
      readonly by: 'database' | 'kept hash' | 'none';
      readonly right: Extract<Verdict, { kind: 'right' }>;
    }
  /** It may be right: neither the checksum database nor the copy says what it ought to be. */
  | { readonly kind: 'unproven'; readonly why: Said }
  | { readonly kind: 'wrong'; readonly why: Said; readonly expected?: string; readonly found?: string };

/**
 * Hashes a whole file and compares it with the checksum database's record, where it can be had, else with the
 * hash that the copy has kept of it. Unlike serving it never takes a file on trust. `etag` is the validator of the stored
 * file that the candidate is, or is copied from.
 * @throws RondoError E_STORE where the file cannot be read, E_INTERRUPTED
 */
export async function checkFile(
  file: VersionFile,
  candidate: Candidate,
  etag: string,
  work: CopyWork,
): Promise<Check> {
  const { verifier, store, signal } = work;
  const provenance = await readProvenance(storeKey(file), store);
  if (file.kind === 'info') return checkInfo(file, candidate, etag, provenance, work);
  const kept = provenance?.h1;
  const expectation = await verifier.expect(file.module, file.version, signal);
  if (expectation.kind === 'known') {
    const verdict = await verifier.judge(file, candidate, expectation);
    return verdict.kind === 'right' ? { kind: 'right', by: 'database', right: verdict } : wrong(verdict);
  }
  // Exempt it is compared with the hash that the copy has kept, and found right where there is none.
  const verdict = await verifier.judge(file, candidate, { kind: 'exempt' });
  if (verdict.kind !== 'right') return wrong(verdict);
  if (kept !== undefined) return { kind: 'right', by: 'kept hash', right: verdict };
  return { kind: 'unproven', why: whyNotKnown(expectation) };
}

/** Why the checksum database says nothing of a file. */
export function whyNotKnown(expectation: Exclude<Expectation, { kind: 'known' }>): Said {
  switch (expectation.kind) {
    case 'exempt':
      return say('it is exempt from the checksum database, and no hash of it was kept');
    case 'absent':
      return say('the checksum database does not know it: {words}', { words: expectation.words });
    case 'unreachable':
      return say('no record of the checksum database: {why}', { why: expectation.why });
    case 'untrusted':
      return saidOf(expectation.error);
  }
}

async function checkInfo(
  file: VersionFile,
  candidate: Candidate,
  etag: string,
  provenance: Provenance | undefined,
  { verifier }: CopyWork,
): Promise<Check> {
  const verdict = await verifier.judge(file, candidate, { kind: 'exempt' });
  if (verdict.kind !== 'right') return wrong(verdict);
  const kept = provenance?.h1;
  if (kept === undefined) return { kind: 'right', by: 'none', right: verdict };
  if (kept === verdict.h1) return { kind: 'right', by: 'kept hash', right: verdict };
  // go writes an .info of its own, whose origin may be another one.
  if (provenance?.etag !== etag) {
    return { kind: 'unproven', why: say('another program has replaced the one that was kept') };
  }
  const why = say('it is not the one that was kept');
  return { kind: 'wrong', why, expected: kept, ...(verdict.h1 === undefined ? {} : { found: verdict.h1 }) };
}

function wrong(verdict: Exclude<Verdict, { kind: 'right' }>): Check {
  return { ...verdict, kind: 'wrong', why: saidByVerifier(verdict.why) };
}
