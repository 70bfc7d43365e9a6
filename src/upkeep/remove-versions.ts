import { escapePath } from '../gomod/escape.ts';
import { parseVersionKey } from '../gomod/parse-store-key.ts';
import { provenanceName } from '../store/provenance.ts';
import type { CopyWork } from './work.ts';

/** A module, or one version of it. */
export type ModuleWord = { readonly module: string; readonly version?: string };

/** What was removed of one of them. */
export type Removal = ModuleWord & {
  /** In no order. */
  readonly versions: readonly string[];
  readonly files: number;
  readonly bytes: number;
};

/**
 * Takes versions out of the copy, whoever wrote their files: `.info`, `.mod`, `.zip` and `.ziphash`, with what is
 * written down of them. The zip goes first, so that no list names a version half of which is gone. What the
 * checksum database says of them stays, and so do go's own locks.
 */
export async function removeVersions(words: readonly ModuleWord[], work: CopyWork): Promise<Removal[]> {
  const removals: Removal[] = [];
  for (const word of words) {
    work.signal.throwIfAborted();
    removals.push(await removeOne(word, work));
  }
  return removals;
}

async function removeOne(word: ModuleWord, { store, signal }: CopyWork): Promise<Removal> {
  const keys = (await store.names(`${escapePath(word.module)}/@v`)).toSorted(zipsFirst);
  const versions = new Set<string>();
  let files = 0;
  let bytes = 0;
  for (const key of keys) {
    const file = parseVersionKey(key);
    if (file === undefined || (word.version !== undefined && file.version !== word.version)) continue;
    signal.throwIfAborted();
    const sizeBytes = (await store.get(key))?.sizeBytes;
    if (sizeBytes === undefined) continue;
    await store.remove(key);
    await store.removeRecord(provenanceName(key));
    versions.add(file.version);
    files += 1;
    bytes += sizeBytes;
  }
  return { ...word, versions: [...versions], files, bytes };
}

function zipsFirst(a: string, b: string): number {
  return Number(b.endsWith('.zip')) - Number(a.endsWith('.zip'));
}
