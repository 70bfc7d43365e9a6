import type { HashTile } from '../gomod/hash-tile.ts';
import type { SumdbFile } from '../gomod/module-file.ts';

/** A file of a checksum database that is kept: a record or a tile. */
export type KeptDatabaseFile = Extract<SumdbFile, { kind: 'sumdb-lookup' | 'sumdb-tile' }>;

/** How far a question may go. */
export type Reach = {
  /** No further than the cache. */
  readonly local: boolean;
  /** The incoming Via header, passed on: mirrors may be Rondos that ask each other. */
  readonly via: string | undefined;
};

/** What asking for a file of the database came to. */
export type RemoteAnswer =
  /** Somebody gave something of the right form. Hostile: it is not proven. `tried`: who was asked, on one line. */
  | { readonly kind: 'found'; readonly source: string; readonly bytes: Buffer; readonly tried?: string }
  /** The database has no such thing; `words` are its own. */
  | { readonly kind: 'absent'; readonly words: string }
  /** Nobody who may be asked gives it. */
  | { readonly kind: 'failed'; readonly error: Error };

/** A record or tile of the cache. */
export type CachedFile = {
  readonly bytes: Buffer;
  /** This client has proven it, and it is the same since; else anybody may have put it there. */
  readonly proven: boolean;
  /** Who gave it, where that is known. */
  readonly source?: string;
};

/** Somebody gave one thing, and another one is proven. */
export type Lie = {
  readonly source: string;
  readonly file: SumdbFile;
  readonly why: string;
};

/** What a person must hear of the database itself. */
export type SecurityError = {
  /** `fork`: two of its signed trees contradict each other. `unproven`: what it has signed and what is served do not fit. */
  readonly kind: 'fork' | 'unproven';
  /** One line. */
  readonly message: string;
  /** Both signed notes and a proof, many lines, for those who run the database. */
  readonly evidence?: string;
};

/**
 * The client's memory beyond one process, small texts by name: the newest signed tree, the evidence of a fork,
 * the tree that the copy is sealed in, and the sizes of the trees that were served.
 */
export type ConfigName = 'latest' | 'fork' | 'seal' | 'served';

/**
 * Everything that the checksum-database client does to the world, as golang.org/x/mod/sumdb.ClientOps names
 * it. All methods may be called at the same time.
 */
export interface DatabaseOps {
  /**
   * Asks anybody but `avoid` for `file`. What `flawOf` objects to has not even the right form: that is its
   * giver's ordinary failure, and another one is asked. Never rejects.
   */
  readRemote(
    file: SumdbFile,
    how: {
      readonly avoid: ReadonlySet<string>;
      readonly via: string | undefined;
      readonly flawOf: (bytes: Buffer) => string | undefined;
      /** Nothing here will do instead: where nobody is left to be asked, the next trial of a mirror is waited for. */
      readonly patient?: boolean;
    },
  ): Promise<RemoteAnswer>;
  /** Empty where there is none. `fork` is asked for often: that another process has written it may show a second later. */
  readConfig(name: ConfigName): Promise<string>;
  /** False, and nothing is written, where the text is not `old` any more. */
  writeConfig(name: ConfigName, old: string, text: string): Promise<boolean>;
  /** Never rejects: what cannot be read is not there. */
  readCache(file: KeptDatabaseFile): Promise<CachedFile | undefined>;
  /** Widths of which the cache has `tile`, whatever its own. Never rejects. */
  cachedWidths(tile: HashTile): Promise<readonly number[]>;
  /** The records that the cache has, proven or not, in no order. */
  cachedRecords(): AsyncIterable<Extract<KeptDatabaseFile, { kind: 'sumdb-lookup' }>>;
  /** Keeps what is proven. Never rejects. */
  writeCache(file: KeptDatabaseFile, bytes: Buffer, source: string | undefined): Promise<void>;
  /** One line for people who look after Rondo. */
  log(message: string): void;
  /** The liar is charged. */
  accuse(lie: Lie): void;
  securityError(error: SecurityError): void;
}
