import { escapePath } from '../gomod/escape.ts';
import { parseVersionKey } from '../gomod/parse-store-key.ts';
import { keyOfProvenance, provenanceName } from '../store/provenance.ts';
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
 * written down of them, the hashes too that outlive their files because they were trusted on first use. The zip goes
 * before the rest, so that no list names a version half of which is gone, and its hash before the zip, since a hash
 * never stands without its file. What the checksum database says of them stays, and so do go's own locks.
 */
export async function removeVersions(
  words: readonly ModuleWord[],
  work: Pick<CopyWork, 'store' | 'signal'>,
): Promise<Removal[]> {
  const removals: Removal[] = [];
  for (const word of words) {
    work.signal.throwIfAborted();
    removals.push(await removeOne(word, work));
  }
  return removals;
}

async function removeOne(
  word: ModuleWord,
  { store, signal }: Pick<CopyWork, 'store' | 'signal'>,
): Promise<Removal> {
  const folder = `${escapePath(word.module)}/@v`;
  const isOfIt = (key: string): boolean => {
    const file = parseVersionKey(key);
    return file !== undefined && (word.version === undefined || file.version === word.version);
  };
  const keys = (await store.names(folder)).filter(isOfIt).toSorted(byTurn);
  const versions = new Set<string>();
  let files = 0;
  let bytes = 0;
  for (const key of keys) {
    signal.throwIfAborted();
    const sizeBytes = (await store.get(key))?.sizeBytes;
    const file = parseVersionKey(key);
    if (sizeBytes === undefined || file === undefined) continue;
    await store.remove(key);
    await store.removeRecord(provenanceName(key));
    versions.add(file.version);
    files += 1;
    bytes += sizeBytes;
  }
  for (const name of await store.recordNames(provenanceName(folder))) {
    if (isOfIt(keyOfProvenance(name) ?? '')) await store.removeRecord(name);
  }
  return { ...word, versions: [...versions], files, bytes };
}

function byTurn(a: string, b: string): number {
  return turnOf(a) - turnOf(b);
}

function turnOf(key: string): number {
  return key.endsWith('.ziphash') ? 0 : key.endsWith('.zip') ? 1 : 2;
}
