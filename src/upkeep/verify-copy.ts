import { RondoError } from '../errors/rondo-error.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import { runAtOnce } from '../kit/at-once.ts';
import { readProvenance } from '../proxy/trusted-files.ts';
import { candidateOf } from '../proxy/version-file-plan.ts';
import type { StoreKey } from '../store/store.ts';
import { checkFile, type Check } from './check-file.ts';
import { versionFilesAmong } from './version-files.ts';
import type { OnBytes } from './fetch-each.ts';
import { problemOf, saidOf, type Said } from './said.ts';
import { countProgress, type CopyWork } from './work.ts';
import { say } from '../words/text.ts';

/** Fetches a file that the copy lacks, and keeps it. Rejects with RondoError where no mirror gives the right one. */
export type Mend = (file: VersionFile, onBytes?: OnBytes) => Promise<void>;

/** What is wrong with one file of the copy, and what was done about it. */
export type CopyFinding = {
  readonly key: StoreKey;
  /** Of everything but a tile of a checksum database. */
  readonly module?: string;
  readonly version?: string;
  readonly kind: VersionFile['kind'] | 'ziphash' | 'record' | 'tile';
  /**
   * `unproven`: it may be right, is left where it is, and verified before it is served. `unreadable`: this machine
   * cannot read it, which may be over in a moment, so it is left, too. `missing`: Rondo has kept it, and it is not there:
   * it was set aside and not fetched again, or somebody has deleted it.
   */
  readonly state: 'wrong' | 'unproven' | 'unreadable' | 'missing';
  readonly why: Said;
  readonly expected?: string;
  readonly found?: string;
  /** Where the wrong file lies now. */
  readonly quarantine?: string;
  readonly mended?: boolean;
  /** Why it could not be set aside, or not be mended. */
  readonly problem?: Said;
  /** It is the disk's fault that it could not; and what helps. */
  readonly ofDisk?: true;
  readonly hint?: Said;
};

/** Why a file is missing. */
export const WHY_MISSING: Said = say('it was kept, and is not there');

/** What the copy is. */
export type CopyReport = {
  /** Files that were read. */
  readonly files: number;
  readonly bytes: number;
  /** In the order of their keys. */
  readonly findings: readonly CopyFinding[];
};

/**
 * Hashes every file of every version in the copy and compares it with what is known of it. What is wrong is moved into
 * the quarantine, so that nobody is served it any more. With `mend` that is fetched again, as is what is missing. It
 * writes nothing else, and may be ended at any time.
 * @throws RondoError E_STORE where the copy cannot be walked; the signal's reason
 */
export async function verifyCopy(work: CopyWork, mend: Mend | undefined): Promise<CopyReport> {
  // A ziphash is looked at with its zip.
  const files = await versionFilesAmong(work.store.keys(''), work.signal);
  const missing = await versionFilesAmong(work.store.missing(''), work.signal);
  const owed = new Set(missing.map(storeKey));
  const all = new Map([...files, ...missing].map((file) => [storeKey(file), file])).values().toArray();
  const count = countProgress(all.length, work);
  const findings: CopyFinding[] = [];
  let bytes = 0;
  await runAtOnce(
    all,
    work.atOnce,
    async (file) => {
      const { sizeBytes, found } = await verifyOne(file, owed, work);
      bytes += sizeBytes;
      if (found !== undefined) findings.push(await treat(found, file, work, mend));
      count(sizeBytes);
    },
    work.signal,
  );
  findings.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { files: files.length, bytes, findings };
}

/** A finding, and the validator of the file that it is about, where that could be read. */
type Found = { readonly finding: CopyFinding; readonly etag?: string };

type Verified = { readonly sizeBytes: number; readonly found?: Found };

/** A file that changes again and again while it is judged is told as it was found the last time. */
const LOOKS = 3;

/** A server beside it may give the file up, or fetch it anew, while it is hashed: then it is not what was found wrong. */
async function verifyOne(file: VersionFile, owed: ReadonlySet<StoreKey>, work: CopyWork): Promise<Verified> {
  for (let looks = 1; ; looks += 1) {
    const verified = await lookAt(file, owed, work);
    const { found } = verified;
    if (found === undefined || looks >= LOOKS || (await isStillThere(found, work))) return verified;
  }
}

async function isStillThere({ finding, etag }: Found, { store }: CopyWork): Promise<boolean> {
  return store.get(finding.key).then(
    (now) => now?.etag === etag,
    // It is there, and cannot be read.
    () => true,
  );
}

async function lookAt(file: VersionFile, owed: ReadonlySet<StoreKey>, work: CopyWork): Promise<Verified> {
  const key = storeKey(file);
  let sizeBytes = 0;
  let etag: string | undefined;
  try {
    const stored = await work.store.get(key);
    if (stored === undefined) {
      const finding: CopyFinding = { key, ...file, state: 'missing', why: WHY_MISSING };
      // Any other was removed since the walk.
      return owed.has(key) ? { sizeBytes, found: { finding } } : { sizeBytes };
    }
    ({ sizeBytes, etag } = stored);
    const check = await checkFile(file, await candidateOf(stored), stored.etag, work);
    if (check.kind !== 'right') return { sizeBytes, found: { finding: findingOf(file, check), etag } };
    const found = await checkZipHash(file, check.right.h1, work);
    return found === undefined ? { sizeBytes } : { sizeBytes, found };
  } catch (error) {
    work.signal.throwIfAborted();
    const finding: CopyFinding = { key, ...file, state: 'unreadable', why: saidOf(error) };
    return { sizeBytes, found: { finding, ...(etag === undefined ? {} : { etag }) } };
  }
}

/** go refuses a zip whose ziphash says something else (modfetch.checkMod). */
async function checkZipHash(
  file: VersionFile,
  h1: string | undefined,
  { store }: CopyWork,
): Promise<Found | undefined> {
  if (file.kind !== 'zip' || h1 === undefined) return undefined;
  const key = `${storeKey(file)}hash`;
  const stored = await store.get(key);
  const { module, version } = file;
  const base = { key, module, version, kind: 'ziphash', expected: h1 } as const;
  if (stored === undefined) {
    // Other programs need not write one.
    if ((await readProvenance(storeKey(file), store))?.written !== true) return undefined;
    return { finding: { ...base, state: 'missing', why: WHY_MISSING } };
  }
  const found = stored.bytes?.toString('latin1');
  if (found === undefined || found === h1) return undefined;
  const why = say('it is not the hash of the zip beside it');
  return { finding: { ...base, state: 'wrong', why }, etag: stored.etag };
}

function findingOf(
  file: VersionFile,
  { kind: state, ...rest }: Exclude<Check, { kind: 'right' }>,
): CopyFinding {
  return { key: storeKey(file), ...file, state, ...rest };
}

async function treat(
  { finding, etag }: Found,
  file: VersionFile,
  { store, signal }: CopyWork,
  mend: Mend | undefined,
): Promise<CopyFinding> {
  if (finding.state !== 'missing' && (finding.state !== 'wrong' || etag === undefined)) return finding;
  const moved: { quarantine?: string } = {};
  try {
    const quarantine = etag === undefined ? undefined : await store.setAside(finding.key, etag);
    if (quarantine !== undefined) moved.quarantine = quarantine;
    if (mend === undefined) return { ...finding, ...moved };
    if (finding.kind !== 'ziphash') await mend(file);
    else await store.put(finding.key, { bytes: Buffer.from(finding.expected ?? '') });
    return { ...finding, ...moved, mended: true };
  } catch (error) {
    signal.throwIfAborted();
    const failed = { ...finding, ...moved, ...failureOf(error) };
    return mend === undefined ? failed : { ...failed, mended: false };
  }
}

/** What a finding says of a failure to treat it. */
export function failureOf(error: unknown): Pick<CopyFinding, 'problem' | 'ofDisk' | 'hint'> {
  const problem = problemOf(error);
  if (!(error instanceof RondoError) || error.kind !== 'storage') return { problem };
  return { problem, ofDisk: true, ...(error.said.hint === undefined ? {} : { hint: error.said.hint }) };
}
