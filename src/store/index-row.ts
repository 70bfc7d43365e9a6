import { unescapePath } from '../gomod/escape.ts';
import { isOwn } from './provenance.ts';
import type { Provenance, StoredFile, StoreKey } from './store.ts';

/**
 * By which of three bounds a file is held, if Rondo may give it up: `files` of versions, `answers` of mirrors to
 * questions whose answer changes, `records` of checksum databases.
 */
export type Keeping = 'files' | 'answers' | 'records';

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
  /** The bound of one that is no version's file. */
  readonly beside?: Exclude<Keeping, 'files'>;
  /** What its provenance record says, where it has one. */
  readonly mirror?: string;
  readonly h1?: string;
  readonly verified?: Provenance['verified'];
  /** Unix milliseconds. */
  readonly at?: number;
};

/** Files and their bytes. */
export type Amount = { readonly files: number; readonly bytes: number };

/** What the copy holds, but for answers: all files, and those of versions that Rondo may give up again, which alone count against max_size. */
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

/** Of a checksum record: database, module and version, escaped as in the keys of its files. */
const RECORD = /^sumdb\/.+?\/lookup\/(.+)@([^@/]+)$/;

/** The bound that holds a file which Rondo wrote; undefined for what never goes by itself. */
export function keepingOf(key: StoreKey): Keeping | undefined {
  // What is known of the databases themselves is a few bytes each.
  if (key.startsWith('answers/')) return key.startsWith('answers/sumdb/') ? undefined : 'answers';
  if (key.startsWith('sumdb/')) return RECORD.test(key) ? 'records' : undefined;
  return isVersionFile(key) ? 'files' : undefined;
}

/** The files that a checksum record proves, by its key. */
export function provenBy(key: StoreKey): StoreKey[] {
  const [, module, version] = RECORD.exec(key) ?? [];
  return module === undefined ? [] : ['mod', 'zip'].map((kind) => `${module}/@v/${version}.${kind}`);
}

/** Answers and records are many and small: each counts as its bytes and a block of the disk. */
const BLOCK_BYTES = 4096;

/** What an amount counts against its bound. */
export function weightOf(keeping: Keeping, { files, bytes }: Amount): number {
  return keeping === 'files' ? bytes : bytes + files * BLOCK_BYTES;
}

/** The row of a file that is in the folder, made from it and from its provenance record. */
export function rowOf(
  key: StoreKey,
  { sizeBytes, etag, modifiedMs }: Pick<StoredFile, 'sizeBytes' | 'etag' | 'modifiedMs'>,
  provenance: Provenance | undefined,
): IndexRow {
  const row = { key, sizeBytes, etag };
  const keeping = keepingOf(key);
  // The record speaks of another file, or there is none, as of answers, which are all Rondo's.
  if (provenance?.etag !== etag) {
    const answer = keeping === 'answers' ? { beside: keeping } : {};
    return { ...row, lastRequestS: Math.floor(modifiedMs / 1000), written: false, ...answer };
  }
  const { verified, at, h1, mirror } = provenance;
  return {
    ...row,
    lastRequestS: Math.floor(at / 1000),
    written: isOwn(provenance) && keeping === 'files',
    ...(keeping === 'records' ? { beside: keeping } : {}),
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
