import type { Readable } from 'node:stream';

/**
 * A key is the path of a file below GOMODCACHE's `cache/download`, with forward slashes, escaped as Go
 * escapes it: `github.com/!burnt!sushi/toml/@v/v1.0.0.zip`, `sumdb/sum.golang.org/lookup/…`.
 * Keys are made by gomod/store-key.ts from parsed names only.
 */
export type StoreKey = string;

/** A whole, immutable file in the copy. */
export type StoredFile = {
  readonly sizeBytes: number;
  /** Strong validator, quotes included, from size and modification time in nanoseconds. */
  readonly etag: string;
  /** Unix milliseconds. */
  readonly modifiedMs: number;
  /** The content, where it is small enough to be held in memory. */
  readonly bytes?: Buffer;
  /** Opens the content, or the inclusive byte range `start`-`end`. */
  open(range?: { start: number; end: number }): Readable;
  /**
   * The same for clients, who share memory: a chunk is the caller's only until it asks for the next one, or
   * for none. Absent where there is nothing to share.
   */
  lend?(range?: { start: number; end: number }): AsyncIterable<Buffer>;
  /** A path on this machine's disk where there is one, for hashing in a worker. */
  readonly localPath?: string;
};

/** What is to be kept: bytes, or a finished spool whose file may be moved into place. */
export type PutSource = { readonly bytes: Uint8Array } | { readonly spoolPath: string };

/** Where a file of the copy came from and how it was checked; one JSON a key under `rondo/`. */
export type Provenance = {
  /** `database`: its h1 is the checksum database's. `first-use`: exempt from it, the h1 is our own. `none`: an `.info`, which the database does not know. */
  readonly verified: 'database' | 'first-use' | 'none';
  /** Of an `.info` our own (hashInfo): whether it is still the one that was kept. */
  readonly h1?: string;
  /** The validator of the file that was checked: another program may have replaced it since. */
  readonly etag: string;
  /** The mirror that gave it. */
  readonly mirror?: string;
  /** Rondo wrote the file itself, so that it may give it up again; absent for one that it only found and checked. */
  readonly written?: true;
  /** Unix milliseconds. */
  readonly at: number;
};

/**
 * The copy. Content is immutable and keyed like Go's download cache; records are small JSON documents
 * about a key (provenance, the last answer to a mutable question) that are replaced whole.
 * Every method may reject with RondoError E_STORE; a missing thing is `undefined`, never an error.
 * test/contract/store.ts is run against every implementation.
 */
export interface Store {
  get(key: StoreKey): Promise<StoredFile | undefined>;
  /**
   * The file if it is in memory now; `undefined` says nothing: ask `get`. What another process has removed is
   * given for a second at the most. Never throws.
   */
  recall(key: StoreKey): StoredFile | undefined;
  /** Makes the whole content visible under `key` at once, durably, or not at all. */
  put(key: StoreKey, source: PutSource): Promise<StoredFile>;
  remove(key: StoreKey): Promise<void>;
  getRecord(name: string): Promise<unknown>;
  /** The record if it is in memory now; `undefined` says nothing: ask `getRecord`. Never throws. */
  recallRecord(name: string): unknown;
  putRecord(name: string, value: unknown): Promise<void>;
  removeRecord(name: string): Promise<void>;
  /** Names of the records directly inside the folder `folder` of names (no recursion). */
  recordNames(folder: string): Promise<string[]>;
  /**
   * Replaces a record that is `expected` now (as JSON; `undefined`: absent), in one step for all who use this
   * copy, other processes among them; false, and nothing is written, where it is something else.
   */
  swapRecord(name: string, expected: unknown, value: unknown): Promise<boolean>;
  /** Keys directly inside the folder `prefix` (no recursion), e.g. of the files of `<module>/@v`. */
  names(prefix: string): Promise<string[]>;
  /**
   * All keys below the folder `prefix`, or all there are with `''`, in no order and without the unfinished
   * files of anybody; what comes or goes meanwhile may be among them or not.
   */
  keys(prefix: string): AsyncIterable<StoreKey>;
  /** Whether a write would succeed now (readiness). */
  writable(): Promise<boolean>;
}
