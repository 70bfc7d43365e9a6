import { createInTurn } from '../kit/in-turn.ts';

/** The `h1:` hashes of a version as they were when it was first used. */
export type FirstUseHashes = { readonly mod?: string; readonly zip?: string };

/** Where first-use hashes are kept. */
export type FirstUseStore = {
  get(module: string, version: string): Promise<FirstUseHashes | undefined>;
  set(module: string, version: string, hashes: FirstUseHashes): Promise<void>;
};

/**
 * Trust on first use (integrity.md, "Verification"): gives the function that compares a hash with the one
 * kept for `module@version`, and keeps it if there is none. It resolves to the hash that stands, equal to
 * `h1` or not. A hash that cannot be kept (a full disk) is let pass; one that cannot be read rejects.
 */
export function createFirstUse(
  store: FirstUseStore,
): (module: string, version: string, kind: 'mod' | 'zip', h1: string) => Promise<string> {
  // The two files of a version are judged at the same time and share one entry.
  const turns = createInTurn();
  return (module, version, kind, h1) =>
    turns.run(`${module}@${version}`, async () => {
      const hashes = await store.get(module, version);
      const first = hashes?.[kind];
      if (first !== undefined) return first;
      await store.set(module, version, { ...hashes, [kind]: h1 }).catch(() => undefined);
      return h1;
    });
}
