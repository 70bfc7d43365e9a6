import type { VersionFile } from '../gomod/module-file.ts';
import { parseVersionKey } from '../gomod/parse-store-key.ts';
import type { StoreKey } from '../store/store.ts';

/**
 * The files of versions among the keys of a folder, in its order; `.ziphash` files, locks and all else are left out.
 * Throws the signal's reason.
 */
export async function versionFilesAmong(
  keys: AsyncIterable<StoreKey> | Iterable<StoreKey>,
  signal: AbortSignal,
): Promise<VersionFile[]> {
  const files: VersionFile[] = [];
  for await (const key of keys) {
    signal.throwIfAborted();
    const file = parseVersionKey(key);
    if (file !== undefined && file.kind !== 'ziphash') files.push({ ...file, kind: file.kind });
  }
  return files;
}
