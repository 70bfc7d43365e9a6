import { unescapePath } from '../gomod/escape.ts';
import { isOwn } from './provenance.ts';
import type { Provenance, StoredFile, StoreKey } from './store.ts';

/** What the index knows of one file of the copy. */
export type IndexRow = {
  readonly key: StoreKey;
  readonly sizeBytes: number;
  /** Of the file that the row speaks of: another program may have replaced it since. */
  readonly etag: string;
  /** Unix seconds of the last request of a client, or of its coming where nobody has asked since. */
  readonly lastRequestS: number;
  /** It is a version's `.info`, `.mod` or `.zip` that Rondo wrote: it may give it up again. */
  readonly written: boolean;
  /** What its provenance record says, where it has one. */
  readonly mirror?: string;
  readonly h1?: string;
  readonly verified?: Provenance['verified'];
  /** Unix milliseconds. */
  readonly at?: number;
};

/** Files and their bytes. */
export type Amount = { readonly files: number; readonly bytes: number };

/** What the copy holds: all files, and those of them that Rondo may give up again, which alone count against the budget. */
export type CopyTotals = Amount & { readonly own: Amount };

/** Which rows are wanted, and how many at the most. */
export type IndexQuery = {
  /** Only keys that begin with this. */
  readonly prefix?: string;
  /** `key`: from a on; `size`: largest first; `last`: those first that nobody has asked for longest. Default `key`. */
  readonly orderBy?: 'key' | 'size' | 'last';
  /** Default 1000. */
  readonly limit?: number;
};

/** What has happened to a file since the index was last written. */
export type IndexChange =
  /** Rondo put it. */
  | {
      readonly kind: 'put';
      readonly sizeBytes: number;
      readonly etag: string;
      readonly atS: number;
      readonly provenance?: Provenance;
    }
  /** Its provenance was written down. */
  | { readonly kind: 'proved'; readonly provenance: Provenance }
  | { readonly kind: 'unproved' }
  | { readonly kind: 'gone' };

const VERSION_FILE = /^(.+)\/@v\/[^/]+\.(?:info|mod|zip)$/;

/** The module of a version's `.info`, `.mod` or `.zip`; `undefined` for all other keys. */
export function moduleOfKey(key: StoreKey): string | undefined {
  const escaped = VERSION_FILE.exec(key)?.[1];
  if (escaped === undefined || escaped.startsWith('sumdb/')) return undefined;
  try {
    return unescapePath(escaped);
  } catch {
    return undefined; // Not a name that Go or Rondo writes.
  }
}

/**
 * Whether a file may ever be given up by itself. Those of the checksum databases prove the others, and a
 * `.ziphash` goes with its zip.
 */
export function isVersionFile(key: StoreKey): boolean {
  return moduleOfKey(key) !== undefined;
}

/** The row of a file that is in the folder, made from it and from its provenance record. */
export function rowOf(
  key: StoreKey,
  { sizeBytes, etag, modifiedMs }: Pick<StoredFile, 'sizeBytes' | 'etag' | 'modifiedMs'>,
  provenance: Provenance | undefined,
): IndexRow {
  const row = { key, sizeBytes, etag };
  // The record speaks of another file.
  if (provenance?.etag !== etag)
    return { ...row, lastRequestS: Math.floor(modifiedMs / 1000), written: false };
  const { verified, at, h1, mirror } = provenance;
  return {
    ...row,
    lastRequestS: Math.floor(at / 1000),
    written: isOwn(provenance) && isVersionFile(key),
    verified,
    at,
    ...(h1 === undefined ? {} : { h1 }),
    ...(mirror === undefined ? {} : { mirror }),
  };
}

/** The size that a strong validator (etag.ts) says; `undefined` for one of another form. */
export function sizeOfEtag(etag: string): number | undefined {
  const size = /^"([0-9a-f]{1,13})-[0-9a-f]+"$/.exec(etag)?.[1];
  return size === undefined ? undefined : Number.parseInt(size, 16);
}
