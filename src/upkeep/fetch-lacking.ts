import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import type { StoredFile, StoreKey } from '../store/store.ts';
import { whyNotKnown } from './check-file.ts';
import { fetchEach, whyMissing, type Fetched, type Version } from './fetch-each.ts';
import { problemOf } from './said.ts';
import type { Mend } from './verify-copy.ts';
import { versionFilesAmong } from './version-files.ts';
import type { CopyWork } from './work.ts';
import { say } from '../words/text.ts';

/**
 * Fetches the checksum record of every version that the copy holds without one, unless it is exempt: it was kept under
 * other settings, or somebody has deleted the record. Offline it only says which.
 * @throws RondoError E_STORE where the copy cannot be walked; the signal's reason
 */
export async function fetchRecords(work: CopyWork, offline: boolean): Promise<Fetched> {
  const { store, verifier, signal } = work;
  // Content is verified by the first database.
  const [database] = work.databases;
  if (database === undefined) return { fetched: 0, fetchedBytes: 0, missing: [] };
  const lacking: Version[] = [];
  for (const version of await heldVersions(['mod', 'zip'], work)) {
    const record = { kind: 'sumdb-lookup', db: database.name, ...version } as const;
    if ((await store.get(storeKey(record))) === undefined) lacking.push(version);
  }
  return fetchEach(lacking, { work, atOnce: work.atOnce }, async ({ module, version }) => {
    const expectation = await verifier.expect(module, version, signal);
    if (expectation.kind === 'exempt') return { kind: 'not needed' };
    if (expectation.kind === 'known') return { kind: 'fetched', bytes: 0 };
    const nobody = !offline && expectation.kind === 'unreachable';
    return { kind: 'missing', why: whyNotKnown(expectation), nobody };
  });
}

/**
 * Has the mirrors give the `.info` of every zip that the copy holds without one: go builds without it, and `go mod
 * download` does not (modfetch.InfoFile). Without `mend` it only says which.
 * @throws as fetchRecords
 */
export async function fetchInfos(work: CopyWork, mend: Mend | undefined): Promise<Fetched> {
  const lacking = await withoutInfo(await heldVersions(['zip'], work), work.store);
  return fetchEach(lacking, { work, atOnce: work.atOnce }, async (version) => {
    if (mend === undefined) return { kind: 'missing', why: say('not in the copy'), nobody: false };
    try {
      await mend({ ...version, kind: 'info' });
      return { kind: 'fetched', bytes: 0 };
    } catch (error) {
      return whyMissing(error, work, problemOf);
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
