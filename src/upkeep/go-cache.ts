import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import type { PlainFolder } from '../store/plain-folder.ts';
import type { WantedFile } from './export-copy.ts';
import { importVersions, type FolderVersion, type ImportReport } from './import-folder.ts';
import type { CopyWork } from './work.ts';

/**
 * Takes files that no mirror has out of go's own module cache: what go fetched from their repositories (`direct`). The
 * checksum database vouches for them, or the hash that the project's go.sum has; nothing is taken on trust.
 * @throws as importFolder
 */
export async function takeFromGoCache(
  missing: readonly WantedFile[],
  folder: PlainFolder,
  work: CopyWork,
): Promise<ImportReport> {
  const hashes = new Map(missing.map((file) => [storeKey(file), file.h1]));
  const versions = new Map<string, FolderVersion & { readonly kinds: VersionFile['kind'][] }>();
  for (const { module, version, kind } of missing) {
    if ((await folder.get(storeKey({ module, version, kind }))) === undefined) continue;
    const known = versions.get(`${module}@${version}`);
    if (known === undefined) versions.set(`${module}@${version}`, { module, version, kinds: [kind] });
    else known.kinds.push(kind);
  }
  return importVersions([...versions.values()], folder, work, {
    vouched: (file) => hashes.get(storeKey(file)),
  });
}
