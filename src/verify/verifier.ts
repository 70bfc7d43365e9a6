import type { RondoError } from '../errors/rondo-error.ts';
import type { VersionFile } from '../gomod/module-file.ts';

/** What is known of the right content of one module version before any byte of it is believed. */
export type Expectation =
  /** The database's record. `mod` and `zip` are `h1:…` strings. */
  | { readonly kind: 'known'; readonly mod: string; readonly zip: string }
  /** GONOSUMDB, GOPRIVATE, skipsum, verify = off: kept and compared from first use on. */
  | { readonly kind: 'exempt' }
  /** The database answered 404/410; `words` are its own. Nobody is charged. */
  | { readonly kind: 'absent'; readonly words: string }
  /** The database could not be read. */
  | { readonly kind: 'unreachable'; readonly why: string }
  /** What is given as the database's cannot be true: a matter of security, whatever the settings. */
  | { readonly kind: 'untrusted'; readonly error: RondoError };

/** A complete file that waits for judgement. */
export type Candidate =
  | { readonly bytes: Uint8Array }
  | { readonly path: string; readonly sizeBytes: number };

/** The judgement on a complete file. */
export type Verdict =
  | { readonly kind: 'right'; readonly verified: 'database' | 'first-use' | 'none'; readonly h1?: string }
  /** An ordinary failure of the mirror: HTML, not JSON, another version, a zip cut short. */
  | { readonly kind: 'unusable'; readonly why: string }
  /** Complete and wrong: contradicts the database, or belongs to another module. Quarantine. */
  | ({ readonly kind: 'wrong' } & WrongContent);

/** What a complete file has against it. */
export type WrongContent = {
  readonly why: string;
  /** `h1:` of the right file, where one is known. */
  readonly expected?: string;
  /** `h1:` of this one, where it could be hashed. */
  readonly found?: string;
  /** What else is odd about a zip, by the limits of golang.org/x/mod/zip: where it came from, more than whether it is right. */
  readonly oddities?: readonly string[];
};

/** The port through which flights have content judged. */
export interface Verifier {
  /** Starts (or shares) the look-up of a version's record. Never rejects except by `signal`. */
  expect(module: string, version: string, signal: AbortSignal): Promise<Expectation>;
  /** Judges a complete file. Zips are hashed in worker threads. */
  judge(file: VersionFile, candidate: Candidate, expectation: Expectation): Promise<Verdict>;
  /** Files that wait for a thread, and those that one works on. */
  load(): { readonly waiting: number; readonly running: number };
  close(): Promise<void>;
}

/** Reads one record of a checksum database, the body of `/lookup/<module>@<version>`, and proves it. */
export type ReadRecord = (
  module: string,
  version: string,
  signal: AbortSignal,
) => Promise<
  | { readonly kind: 'record'; readonly text: string }
  | { readonly kind: 'absent'; readonly words: string }
  | { readonly kind: 'unreachable'; readonly why: string }
  | { readonly kind: 'untrusted'; readonly error: RondoError }
>;
