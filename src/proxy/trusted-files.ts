import { say } from '../words/text.ts';
import { notice } from '../events/notice.ts';
import { LRUCache } from 'lru-cache';
import { saidBy } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import { atMost } from '../kit/at-most.ts';
import { sizeOfEtag } from '../store/index-row.ts';
import { parseProvenance, provenanceName } from '../store/provenance.ts';
import type { Provenance, Store, StoredFile, StoreKey } from '../store/store.ts';
import type { VerifyRules } from './settings.ts';

/** A file of the copy that may be served as it is. */
export type TrustedFile = { readonly file: StoredFile; readonly mirror: string | undefined };

/** Which files of the copy have been checked: those with a provenance record. */
export type TrustedFiles = {
  /** The file if it is known to be right and in memory now, without waiting; `undefined` says nothing: ask `find`. */
  recall(file: VersionFile): TrustedFile | undefined;
  /**
   * The file, if the copy has it and the database's record, or this process, has found it right; `unproven`
   * where the copy only has it: trust on first use is compared again by each process, whose settings may
   * be stricter than those it was kept under.
   */
  find(
    file: VersionFile,
  ): Promise<
    | { readonly kind: 'trusted'; readonly trusted: TrustedFile }
    | { readonly kind: 'unproven'; readonly file: StoredFile }
    | { readonly kind: 'absent' }
  >;
  /**
   * Writes down how a file that the copy has was checked, `rules`: by which, if they may be others by now; where it came
   * from stays as it was written down.
   */
  prove(file: VersionFile, provenance: Provenance, rules?: VerifyRules): Promise<void>;
  /** What this process alone has found right is checked again before it is served the next time: the rules are others. */
  forget(): void;
  /** The hashes kept for a version: what trust on first use compares with. */
  hashes(module: string, version: string): Promise<{ mod?: string; zip?: string }>;
};

/** A third of a KiB each. Whoever asks for more files in turn has a record read for each, which is smaller than the file. */
const MAX_KNOWN = 20_000;

type TrustedFilesParts = {
  readonly store: Store;
  readonly emit: Emit;
  /** What must be in the database at this moment. */
  readonly rules?: () => VerifyRules;
};

/** Provenance over a store, the last of it remembered, so that a warm hit reads no record. */
export function createTrustedFiles({ store, emit, rules: rulesNow }: TrustedFilesParts): TrustedFiles {
  const known = new LRUCache<string, { mirror: string | undefined; etag: string }>(atMost(MAX_KNOWN));
  const checked = (key: string, stored: StoredFile): TrustedFile | undefined => {
    const remembered = known.get(key);
    return remembered?.etag === stored.etag ? { file: stored, mirror: remembered.mirror } : undefined;
  };
  const read = (key: string): ReturnType<typeof readProvenance> => readProvenance(key, store);
  return {
    recall(file) {
      const key = storeKey(file);
      const stored = store.recall(key);
      return stored === undefined ? undefined : checked(key, stored);
    },
    async find(file) {
      const key = storeKey(file);
      const stored = await store.get(key).catch((error: unknown) => {
        // A mirror may have what this disk cannot read.
        emit(notice('error', say('not read from the copy: {why}', { why: saidBy(error) })));
        return undefined;
      });
      if (stored === undefined) return { kind: 'absent' };
      const trusted = checked(key, stored);
      if (trusted !== undefined) return { kind: 'trusted', trusted };
      const provenance = await read(key);
      if (
        provenance === undefined ||
        provenance.etag !== stored.etag ||
        provenance.verified === 'first-use'
      ) {
        return { kind: 'unproven', file: stored };
      }
      known.set(key, { mirror: provenance.mirror, etag: stored.etag });
      return { kind: 'trusted', trusted: { file: stored, mirror: provenance.mirror } };
    },
    async prove(file, provenance, rules) {
      const key = storeKey(file);
      const before = provenance.written === undefined ? await read(key) : undefined;
      const origin = before !== undefined && isSameFile(before, provenance) ? originOf(before) : {};
      const proven = { ...origin, ...provenance };
      const isOutdated = proven.verified === 'first-use' && rules !== undefined && rules !== rulesNow?.();
      if (!isOutdated) known.set(key, { mirror: proven.mirror, etag: proven.etag });
      await store.putRecord(provenanceName(key), proven);
    },
    forget: () => known.clear(),
    async hashes(module, version) {
      const [mod, zip] = await Promise.all([
        read(storeKey({ kind: 'mod', module, version })),
        read(storeKey({ kind: 'zip', module, version })),
      ]);
      return {
        ...(mod?.h1 === undefined ? {} : { mod: mod.h1 }),
        ...(zip?.h1 === undefined ? {} : { zip: zip.h1 }),
      };
    },
  };
}

/** What is written down of the file `key`; undefined where that is nothing, or nothing that can be read. Never rejects. */
export async function readProvenance(key: StoreKey, store: Store): Promise<Provenance | undefined> {
  return parseProvenance(await store.getRecord(provenanceName(key)).catch(() => undefined));
}

/**
 * Whether both speak of one file. A copy that was restored from a backup has other times: there size and hash tell, as
 * what has them is what Rondo wrote, whoever put it there.
 */
function isSameFile(before: Provenance, now: Provenance): boolean {
  if (before.etag === now.etag) return true;
  if (before.h1 === undefined || before.h1 !== now.h1) return false;
  return sizeOfEtag(before.etag) !== undefined && sizeOfEtag(before.etag) === sizeOfEtag(now.etag);
}

/** Where a file came from, which a later check of it does not change. */
function originOf({ mirror, written }: Provenance): Partial<Provenance> {
  return { ...(mirror === undefined ? {} : { mirror }), ...(written === undefined ? {} : { written }) };
}
