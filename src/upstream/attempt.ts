import type { Outcome } from '../balance/outcome.ts';
import type { TlsFacts } from './tls-facts.ts';

/** A mirror as upstream sees it. */
export type Endpoint = {
  /** The name that users see. */
  readonly name: string;
  /** Base URL without a trailing slash; http, https or file. Credentials have been taken out. */
  readonly url: URL;
  /** Value of the Authorization header, if the mirror has credentials. Never printed. */
  readonly authorization?: string;
};

/** One request to one mirror. */
export type AttemptRequest = {
  readonly method: 'GET' | 'HEAD';
  /** Escaped path below the base URL, starting with `/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the attempt in any case: headers not there after this many milliseconds. */
  readonly headerLimitMs: number;
  /** The body may not be larger. */
  readonly maxBodyBytes: number;
};

/** Phase times in milliseconds from the start of the attempt, for Server-Timing and doctor; absent where a phase did not happen. */
export type AttemptTiming = {
  readonly reused: boolean;
  readonly connectMs?: number;
  readonly tlsMs?: number;
  readonly firstByteMs?: number;
  /** Of the connection, a reused one too; absent without TLS. */
  readonly tls?: TlsFacts;
};

/** An answer whose status is 200: a body that may still fail. */
export type FoundAnswer = {
  readonly kind: 'found';
  readonly status: number;
  /** Lower-case names. From the mirror: hostile. */
  readonly headers: Readonly<Record<string, string>>;
  readonly contentLength?: number;
  /**
   * The bytes. Iterating throws a BodyError when the transfer breaks, stalls, is too slow, or does not
   * have Content-Length bytes. Returning early from the iteration cancels the transfer.
   */
  readonly body: AsyncIterable<Buffer>;
  /** Drops the transfer; idempotent. */
  cancel(): void;
  readonly timing: AttemptTiming;
};

/** Any other end of an attempt. */
export type OtherAnswer = {
  readonly kind: 'other';
  readonly outcome: Outcome;
  /** First line of the mirror's own words (text/plain only), sanitised, at most 300 characters. */
  readonly words?: string;
  readonly timing: AttemptTiming;
};

/** How an attempt ended: a file to be read, or an outcome. */
export type AttemptAnswer = FoundAnswer | OtherAnswer;

/** Why a body broke. */
export class BodyError extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome, cause?: unknown) {
    super(outcome.detail, cause === undefined ? undefined : { cause });
    this.name = 'BodyError';
    this.outcome = outcome;
  }
}

/** The connections to one mirror. */
export interface Upstream {
  /**
   * Never rejects, except with `signal.reason` when `signal` aborts before the answer is there. From then on
   * the signal has no effect: the body is dropped with `cancel()`.
   */
  attempt(request: AttemptRequest, signal: AbortSignal): Promise<AttemptAnswer>;
  /** Sockets: open now, opened since the start. */
  connections(): { open: number; opened: number };
  close(): Promise<void>;
}
