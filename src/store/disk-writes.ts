import { stat } from 'node:fs/promises';
import type { Clock } from '../kit/clock.ts';
import type { DiskFiles } from './disk-files.ts';
import type { DiskRecords } from './disk-records.ts';
import { keepingOf } from './index-row.ts';
import type { PutSource, Store, StoreKey } from './store.ts';
import type { RemovalMark } from './removal-mark.ts';
import { moveAside } from './set-aside.ts';
import type { Upkeep } from './upkeep.ts';
import { completesPair, type VersionLists } from './version-list-file.ts';
import type { WriteHealth } from './write-health.ts';
import { say } from '../words/text.ts';

/** What changes a copy on disk. */
export type DiskWrites = Pick<Store, 'put' | 'remove' | 'putRecord' | 'removeRecord' | 'swapRecord'> & {
  /**
   * Moves the file that was found wrong, known by its validator, out of the copy into the quarantine, under its key and
   * perhaps a number; its provenance stays. Resolves to its new path; undefined where the copy does not have it, or has
   * another one by now.
   */
  setAside(key: StoreKey, etag: string): Promise<string | undefined>;
};

/** The parts of a copy that a write may concern. */
export type DiskWritesParts = {
  readonly root: string;
  readonly files: DiskFiles;
  readonly records: DiskRecords;
  readonly lists: VersionLists;
  readonly mark: RemovalMark;
  readonly quarantine: string;
  readonly health: WriteHealth;
  readonly clock: Clock;
  readonly upkeep: Upkeep;
  readonly platform: NodeJS.Platform;
};

/** The writing half of a copy on disk: within its budget, noted in the index, with its failures told. */
export function createDiskWrites(parts: DiskWritesParts): DiskWrites {
  const { root, files, records, lists, mark, health, upkeep, platform } = parts;
  const removed = async (key: StoreKey): Promise<void> => {
    upkeep.removed(key);
    lists.changed(key);
    await mark.tell();
  };
  const removeFile = async (key: StoreKey): Promise<void> => {
    await files.remove(key);
    await removed(key);
  };
  const removeRecord = async (name: string): Promise<void> => {
    await records.remove(name);
    upkeep.recorded(name, undefined);
    await mark.tell();
  };
  return {
    async put(key, source) {
      const sizeBytes = await sizeOf(source);
      upkeep.budget.refuseTooLarge(key, sizeBytes);
      return health.watch(say('keep {key}', { key }), async () => {
        const kept = await upkeep.budget.makeRoom(key, sizeBytes);
        try {
          const file = await files.put(key, source);
          upkeep.put(key, file);
          if (await completesPair(root, key, platform)) lists.changed(key);
          return file;
        } finally {
          kept();
        }
      });
    },
    remove: (key) => health.watch(say('remove {key}', { key }), () => removeFile(key)),
    setAside: (key, etag) =>
      health.watch(say('set {key} aside', { key }), async () => {
        const path = await moveAside(key, etag, parts);
        if (path === undefined) return undefined;
        files.forget(key);
        await removed(key);
        return path;
      }),
    putRecord: (name, value) =>
      health.watch(say('write the record {name}', { name }), () => keepRecord(name, value, parts)),
    removeRecord: (name) => health.watch(say('remove the record {name}', { name }), () => removeRecord(name)),
    swapRecord: (name, expected, value) =>
      health.watch(say('write the record {name}', { name }), () => records.swap(name, expected, value)),
  };
}

async function keepRecord(name: string, value: unknown, { records, upkeep }: DiskWritesParts): Promise<void> {
  // Of the others there are as many as there are files.
  const kept = keepingOf(name) === 'answers' ? await upkeep.budget.makeRoom(name, 0) : undefined;
  try {
    upkeep.recorded(name, value, await records.put(name, value));
  } finally {
    kept?.();
  }
}

/** How large a file will be; 0 where its spool cannot be seen, which the put itself will tell. */
async function sizeOf(source: PutSource): Promise<number> {
  if ('bytes' in source) return source.bytes.length;
  return stat(source.spoolPath).then(
    ({ size }) => size,
    () => 0,
  );
}
