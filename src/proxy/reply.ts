import type { StoredFile } from '../store/store.ts';

/** Which part of Rondo answered: the header X-Rondo-Cache. */
export type CacheState = 'hit' | 'stale' | 'miss' | 'coalesced' | 'offline';

/** Phases for Server-Timing: name and duration in milliseconds. */
export type Timings = readonly { readonly name: string; readonly ms: number }[];

type Common = {
  readonly cache: CacheState;
  /** The mirror that served it. */
  readonly mirror?: string;
  /** Which mirrors were asked for it and what each answered (mirrors/tried.ts); absent where none was. */
  readonly tried?: string;
  readonly timings?: Timings;
};

/** What a use case answers; http turns it into status, headers and bytes. */
export type Reply =
  /** A whole immutable file: Range, ETag and conditional requests work. */
  | (Common & { readonly kind: 'file'; readonly file: StoredFile; readonly contentType: string })
  /** A small whole answer. `maxAgeS` 0 means no-store; 'immutable' a year. */
  | (Common & {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array;
      readonly contentType: string;
      readonly maxAgeS: number | 'immutable';
    })
  /**
   * A file on its way: iterating throws if it broke for good, and then the socket must be destroyed. A chunk
   * is the caller's only until it asks for the next one, or for none.
   */
  | (Common & {
      readonly kind: 'stream';
      readonly contentLength?: number;
      readonly contentType: string;
      readonly body: AsyncIterable<Buffer>;
    })
  /** HEAD of a cold file, as a mirror answered it. */
  | (Common & { readonly kind: 'head'; readonly contentLength?: number; readonly contentType: string });
