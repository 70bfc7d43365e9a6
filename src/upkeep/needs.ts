import type { GoSumEntry } from '../gomod/go-sum.ts';
import type { Requirement } from '../gomod/go-mod.ts';
import { storeKey } from '../gomod/store-key.ts';
import type { StoreKey } from '../store/store.ts';
import type { WantedFile } from './export-copy.ts';

/** What projects say that they need. */
export type Needs = {
  readonly goSums: readonly (readonly GoSumEntry[])[];
  /** Versions that a go.mod names: `go mod download` asks for all of each, also where go.sum has no line. */
  readonly requires: readonly Requirement[];
};

/** What each go.sum says of a file, each hash once: where two of them contradict each other, both are compared. */
export function hashedFiles({ goSums }: Pick<Needs, 'goSums'>): WantedFile[] {
  const files = goSums
    .flat()
    .map(({ module, version, kind, h1 }): WantedFile => ({ module, version, kind, h1 }));
  return [...new Map(files.map((file) => [`${storeKey(file)} ${file.h1}`, file])).values()];
}

/**
 * All files that go may ask for in these projects, each once: for a line of go.sum its file, and beside a zip the
 * `.mod` and `.info` that `go mod download` asks for with it.
 */
export function neededFiles({ goSums, requires }: Needs): WantedFile[] {
  const needed = new Map<StoreKey, WantedFile>();
  const add = (file: WantedFile): void => {
    const key = storeKey(file);
    if (needed.get(key)?.h1 === undefined) needed.set(key, file);
  };
  const addWhole = ({ module, version }: Requirement): void => {
    for (const kind of ['mod', 'info', 'zip'] as const) add({ module, version, kind });
  };
  for (const { module, version, kind, h1 } of goSums.flat()) {
    if (kind === 'zip') addWhole({ module, version });
    add({ module, version, kind, h1 });
  }
  for (const requirement of requires) addWhole(requirement);
  return [...needed.values()];
}
