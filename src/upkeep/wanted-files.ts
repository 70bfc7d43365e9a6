import { escapePath } from '../gomod/escape.ts';
import type { GoSumEntry } from '../gomod/go-sum.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import type { StoreKey } from '../store/store.ts';
import type { WantedFile } from './export-copy.ts';
import type { ModuleWord } from './remove-versions.ts';
import { versionFilesAmong } from './version-files.ts';
import type { CopyWork } from './work.ts';

/** What is to be exported: named versions and the lines of go.sum files together; without either, all that is held. */
export type Wanted = {
  readonly words: readonly ModuleWord[];
  readonly goSums: readonly (readonly GoSumEntry[])[];
};

/**
 * The files behind that. A version that is named stands for its `.mod` and `.zip`, whether the copy has them or not,
 * a line of go.sum for the one file that it is about; both for the `.info` if the copy has it, since a build needs
 * none.
 */
export async function wantedFiles({ words, goSums }: Wanted, work: CopyWork): Promise<WantedFile[]> {
  if (words.length === 0 && goSums.length === 0) return versionFilesAmong(work.store.keys(''), work.signal);
  const wanted = new Map<StoreKey, WantedFile>();
  const add = (file: WantedFile): void => {
    const key = storeKey(file);
    if (wanted.get(key)?.h1 === undefined) wanted.set(key, file);
  };
  for (const word of words) for (const file of await filesOf(word, work)) add(file);
  for (const { module, version, kind, h1 } of goSums.flat()) {
    add({ module, version, kind, h1 });
    const info = { module, version, kind: 'info' } as const;
    if (!wanted.has(storeKey(info)) && (await work.store.get(storeKey(info))) !== undefined) add(info);
  }
  return [...wanted.values()];
}

async function filesOf({ module, version }: ModuleWord, work: CopyWork): Promise<VersionFile[]> {
  const held = await versionFilesAmong(await work.store.names(`${escapePath(module)}/@v`), work.signal);
  if (version === undefined) return held;
  const needed = (['mod', 'zip'] as const).map((kind) => ({ module, version, kind }));
  return [...held.filter((file) => file.version === version && file.kind === 'info'), ...needed];
}
