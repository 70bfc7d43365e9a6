import type { RemoteFile } from '../gomod/module-file.ts';
import type { EarlySettings } from './ask-early.ts';

/** Which modules must be in the checksum database (verify/expectations.ts has what follows). */
export type VerifyRules = {
  readonly mode: 'required' | 'when-possible' | 'off';
  /** None needs to be: skipsum, or GOSUMDB=off. */
  readonly exemptAll: boolean;
  /** GONOSUMDB patterns. */
  readonly exemptPatterns: string;
};

/** The numbers of the use cases. Each is a configuration key; times in milliseconds. */
export type ProxySettings = {
  /** A zip starts to flow when it is whole and right, or when it has taken this long; `whole`: never early. */
  readonly holdMs: number | 'whole';
  /** How often in a row a mirror whose transfer broke is asked for the rest before any other. */
  readonly resumes: number;
  /** How long a body may take to begin. */
  readonly deadlineMs: number;
  /** How often a body under way is looked at, whether another mirror should race it; 0: never. */
  readonly raceCheckMs: number;
  /** How long a list, `@latest` or query answer is fresh. */
  readonly freshTtlMs: number;
  /** How long a client waits for a refresh before it gets the stale answer. */
  readonly refreshWaitMs: number;
  /** How old a query's answer may be during an outage; lists and `@latest` may be any age. */
  readonly staleMaxQueryMs: number;
  /** How long versions are kept that all of a sudden no mirror lists any more. */
  readonly listHoldMs: number;
  /** How long mirrors must agree that something is gone before its kept answer is dropped. */
  readonly negativeTtlMs: number;
  /** What is asked of the mirrors before a client asks for it. */
  readonly early: EarlySettings;
  /** Answer from the copy alone. */
  readonly offline: boolean;
  readonly verify: VerifyRules;
  /** A checksum database is asked itself where no mirror gives it. */
  readonly direct: boolean;
  /** The checksum databases that may be asked for by name, with the key that signs each (gomod/verifier-key.ts). */
  readonly databases: readonly { readonly name: string; readonly key: string }[];
  /** The database that content is checked against; toolchains even where GOSUMDB=off. */
  readonly verifyDatabase: string;
  /** GONOPROXY patterns: a database that is not asked through a mirror learns nothing of such paths. */
  readonly privatePatterns: string;
  /**
   * Whether what nothing proves is written into the copy: false where the mirrors are not the user's choice but a
   * checkout's, since others use the copy too.
   */
  readonly keepsUnproven: boolean;
};

/** The end of a stream is held back until the hash of all of it is right. */
export const TAIL_BYTES: number = 64 * 1024;

/** The most that each kind of file may have, in bytes (golang.org/x/mod/zip and modfetch for mod and zip). */
export const MAX_BYTES: Readonly<Record<RemoteFile['kind'], number>> = {
  info: 64 * 1024,
  query: 64 * 1024,
  latest: 64 * 1024,
  // The longest real list has some 100 KiB; each one that comes in is read whole, by the thread that serves everybody.
  list: 1024 * 1024,
  mod: 16 * 1024 * 1024,
  zip: 500 * 1024 * 1024,
  'sumdb-supported': 64 * 1024,
  'sumdb-latest': 64 * 1024,
  'sumdb-lookup': 64 * 1024,
  // A data tile of height 8: 256 records.
  'sumdb-tile': 1024 * 1024,
};

/** The most lines of a version list: real ones have some thousand, and each one that comes in is looked at. */
export const LIST_LIMITS: { readonly maxLines: number } = { maxLines: 20_000 };

/** The Content-Type of each kind of file (protocol.md, "Endpoints"). */
export const CONTENT_TYPES: Readonly<Record<RemoteFile['kind'], string>> = {
  info: 'application/json',
  query: 'application/json',
  latest: 'application/json',
  list: 'text/plain; charset=utf-8',
  mod: 'text/plain; charset=utf-8',
  zip: 'application/zip',
  'sumdb-supported': 'text/plain; charset=utf-8',
  'sumdb-latest': 'text/plain; charset=utf-8',
  'sumdb-lookup': 'text/plain; charset=utf-8',
  'sumdb-tile': 'application/octet-stream',
};
