import type { DiskFiles } from './disk-files.ts';
import { type DiskRecords, walkRecords } from './disk-records.ts';
import { isOwn, keyOfProvenance, parseProvenance } from './provenance.ts';
import type { StoreKey } from './store.ts';

/** Where records and files are. */
export type MissingOptions = {
  readonly recordsRoot: string;
  readonly files: Pick<DiskFiles, 'get'>;
  readonly records: Pick<DiskRecords, 'peek'>;
  readonly platform: NodeJS.Platform;
};

const FILES = 'files';

/**
 * The keys of files below the folder `prefix` (`''`: all) that the copy ought to have: a record says that Rondo has kept
 * them, and neither eviction nor removal took that back. They were set aside, or somebody has deleted them. Throws
 * RondoError E_STORE where the records cannot be walked.
 */
export async function* missingFiles(
  prefix: string,
  { recordsRoot, files, records, platform }: MissingOptions,
): AsyncGenerator<StoreKey> {
  const folder = prefix === '' ? FILES : `${FILES}/${prefix}`;
  for await (const name of walkRecords(recordsRoot, folder, platform)) {
    const key = keyOfProvenance(name);
    // In this order: who gives a file up removes its record behind it.
    if (key === undefined || (await isThere(key, files))) continue;
    const provenance = parseProvenance(await records.peek(name));
    // What is written down of a checksum database is about what Rondo itself wrote, whoever gave it.
    if (provenance !== undefined && (key.startsWith('sumdb/') || isOwn(provenance))) yield key;
  }
}

/** What cannot be read is there; whoever reads it says so. */
async function isThere(key: StoreKey, files: Pick<DiskFiles, 'get'>): Promise<boolean> {
  return files.get(key).then(
    (file) => file !== undefined,
    () => true,
  );
}
