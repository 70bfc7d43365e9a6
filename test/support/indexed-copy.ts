import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RondoEvent } from '../../src/events/events.ts';
import { diskStoreFolders, openDiskStore, type DiskStore } from '../../src/store/disk-store.ts';
import { provenanceName } from '../../src/store/provenance.ts';
import { tempFolder, type Cleanup } from './temp-folder.ts';
import { VirtualClock } from './virtual-clock.ts';

/** The files of `fill`. */
export const MOD: string = 'example.com/m/@v/v1.0.0.mod';
/** Of Rondo, as MOD is. */
export const ZIP: string = 'example.com/m/@v/v1.0.0.zip';
/** Of go. */
export const FOREIGN: string = 'example.com/found/@v/v1.0.0.mod';
/** Of the checksum database. */
export const LOOKUP: string = 'sumdb/sum.example/lookup/example.com/m@v1.0.0';

/** A copy on disk in virtual time. */
export type IndexedCopy = {
  readonly dir: string;
  readonly clock: VirtualClock;
  /** Notices, and what became of the index. */
  readonly told: string[];
  /** The index file. */
  readonly path: string;
  readonly store: DiskStore;
  /** Closes the store and opens another one, as a restart does. */
  restart(): Promise<IndexedCopy>;
};

/** Opens a copy, a fresh one or that of `before`. */
export async function indexedCopy(
  t: Cleanup,
  before?: { readonly dir: string; readonly clock: VirtualClock },
): Promise<IndexedCopy> {
  const dir = before?.dir ?? (await tempFolder(t, 'index'));
  const clock = before?.clock ?? new VirtualClock();
  const told: string[] = [];
  const emit = (event: RondoEvent): void => {
    if (event.type === 'notice') told.push(`${event.level}: ${event.message}`);
    if (event.type === 'index') told.push(`index ${event.state}`);
  };
  const store = await openDiskStore({ dir, memoryBytes: 0, clock, emit });
  t.after(() => store.close());
  const restart = async (): Promise<IndexedCopy> => {
    await store.close();
    return indexedCopy(t, { dir, clock });
  };
  return { dir, clock, told, store, path: join(dir, 'rondo', 'index.sqlite'), restart };
}

/** A copy with a file of each kind: of Rondo, of go, of the checksum database. */
export async function fill({
  dir,
  store,
  clock,
}: Pick<IndexedCopy, 'dir' | 'store' | 'clock'>): Promise<void> {
  const mod = await store.put(MOD, { bytes: Buffer.from('module example.com/m\n') });
  const record = { verified: 'database', h1: 'h1:mod', mirror: 'a', written: true, at: clock.wallMs() };
  await store.putRecord(provenanceName(MOD), { ...record, etag: mod.etag });
  const zip = await store.put(ZIP, { bytes: Buffer.alloc(1000) });
  await store.putRecord(provenanceName(ZIP), { ...record, h1: 'h1:zip', etag: zip.etag });
  await store.put(LOOKUP, { bytes: Buffer.from('record') });
  const found = join(diskStoreFolders(dir).download, FOREIGN);
  await mkdir(dirname(found), { recursive: true });
  await writeFile(found, 'module example.com/found\n');
}
