import type { ErrorKind } from '../errors/codes.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import { runAtOnce } from '../kit/at-once.ts';
import type { StoredFile, StoreKey } from '../store/store.ts';
import { whyNotKnown } from './check-file.ts';
import { problemOf, type Mend } from './verify-copy.ts';
import { versionFilesAmong } from './version-files.ts';
import { countProgress, type CopyWork } from './work.ts';

/** A module at a version. */
export type Version = Pick<VersionFile, 'module' | 'version'>;

/** What the copy lacked, and what became of it. */
export type Fetched = {
  readonly fetched: number;
  /** What it lacks still, and why. */
  readonly missing: readonly (Version & { readonly why: string })[];
};

/**
 * Fetches the checksum record of every version that the copy holds without one, unless it is exempt: it was kept under
 * other settings, or somebody has deleted the record. Offline it only says which.
 * @throws RondoError E_STORE where the copy cannot be walked; the signal's reason
 */
export async function fetchRecords(work: CopyWork, offline: boolean): Promise<Fetched> {
  const { store, verifier, signal } = work;
  // Content is verified by the first database.
  const [database] = work.databases;
  if (database === undefined) return { fetched: 0, missing: [] };
  const lacking: Version[] = [];
  for (const version of await heldVersions(['mod', 'zip'], work)) {
    const record = { kind: 'sumdb-lookup', db: database.name, ...version } as const;
    if ((await store.get(storeKey(record))) === undefined) lacking.push(version);
  }
  return fetchEach(lacking, work, async ({ module, version }) => {
    const expectation = await verifier.expect(module, version, signal);
    if (expectation.kind === 'exempt') return 'not needed';
    if (expectation.kind === 'known') return 'fetched';
    return { why: whyNotKnown(expectation), nobody: !offline && expectation.kind === 'unreachable' };
  });
}

/**
 * Has the mirrors give the `.info` of every zip that the copy holds without one: go builds without it, and `go mod
 * download` does not (modfetch.InfoFile). Without `mend` it only says which.
 * @throws as fetchRecords
 */
export async function fetchInfos(work: CopyWork, mend: Mend | undefined): Promise<Fetched> {
  const lacking = await withoutInfo(await heldVersions(['zip'], work), work.store);
  return fetchEach(lacking, work, async (version) => {
    if (mend === undefined) return { why: 'not in the copy', nobody: false };
    try {
      await mend({ ...version, kind: 'info' });
      return 'fetched';
    } catch (error) {
      work.signal.throwIfAborted();
      if (!(error instanceof RondoError)) throw error;
      return { why: problemOf(error), nobody: NOBODY.has(error.kind) };
    }
  });
}

/** Those of the versions whose `.info` is not in the folder. */
export async function withoutInfo(
  versions: Iterable<Version>,
  folder: { get(key: StoreKey): Promise<StoredFile | undefined> },
): Promise<Version[]> {
  const without: Version[] = [];
  for (const { module, version } of versions) {
    const info = storeKey({ module, version, kind: 'info' });
    if ((await folder.get(info)) === undefined) without.push({ module, version });
  }
  return without;
}

/** Versions of which the copy has a file of these kinds, by name. */
async function heldVersions(kinds: readonly VersionFile['kind'][], work: CopyWork): Promise<Version[]> {
  const versions = new Map<string, Version>();
  for (const { module, version, kind } of await versionFilesAmong(work.store.keys(''), work.signal))
    if (kinds.includes(kind)) versions.set(`${module}@${version}`, { module, version });
  return [...versions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, version]) => version);
}

/** `nobody`: no mirror has answered. */
type Outcome = 'fetched' | 'not needed' | { readonly why: string; readonly nobody: boolean };

const NOBODY: ReadonlySet<ErrorKind> = new Set(['upstream', 'timeout', 'unavailable']);

/** After so many in a row that nobody has answered, nothing is asked for any more: each has waited for all mirrors. */
const ENOUGH = 3;

async function fetchEach(
  lacking: readonly Version[],
  work: CopyWork,
  fetch: (version: Version) => Promise<Outcome>,
): Promise<Fetched> {
  const count = countProgress(lacking.length, work);
  const missing: (Version & { why: string })[] = [];
  let fetched = 0;
  let inRow = 0;
  let last = '';
  await runAtOnce(
    lacking,
    work.atOnce,
    async (version) => {
      if (inRow >= ENOUGH) missing.push({ ...version, why: `not asked for, since nobody answers: ${last}` });
      else {
        const outcome = await fetch(version);
        if (outcome === 'fetched') fetched += 1;
        const failed = typeof outcome === 'object' ? outcome : undefined;
        if (failed !== undefined) missing.push({ ...version, why: failed.why });
        inRow = failed?.nobody === true ? inRow + 1 : 0;
        if (failed?.nobody === true) last = failed.why;
      }
      count(0);
    },
    work.signal,
  );
  return { fetched, missing: missing.toSorted(byName) };
}

function byName(a: Version, b: Version): number {
  return `${a.module}@${a.version}` < `${b.module}@${b.version}` ? -1 : 1;
}
