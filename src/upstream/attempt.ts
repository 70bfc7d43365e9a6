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

/** The rest of a file that is wanted, where somebody has its beginning. With one of the other two at least. */
export type RestRequest = {
  /** Where the rest begins; above 0. */
  readonly fromBytes: number;
  /** Strong validator of the file, as this mirror gave it (If-Range): for any other file all of it comes. */
  readonly validator?: string;
  /** The length of the whole file. */
  readonly totalBytes?: number;
};

/** One request to one mirror. */
export type AttemptRequest = {
  /** POST is an order to a Rondo of the user's own. No mirror gets one. */
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** Of a POST; its Content-Type stands in the headers. */
  readonly body?: string;
  /** Escaped path below the base URL, starting with `/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** These go to the mirror's own origin, and not to where it redirects. */
  readonly ownHeaders?: Readonly<Record<string, string>>;
  /** Only this is asked for; a mirror may send the whole file all the same. */
  readonly rest?: RestRequest;
  /** Ends the attempt in any case: headers not there after this many milliseconds. */
  readonly headerLimitMs: number;
  /** The body may not be larger. */
  readonly maxBodyBytes: number;
  /** Hears of every answer on the way, redirects among them, for a diagnosis. */
  readonly onHop?: (hop: Hop) => void;
};

/** One answer on the way of a request: that of the mirror, or of where it sent the request on. */
export type Hop = {
  readonly url: string;
  readonly status: number;
  /** Lower-case names. From whoever answered: hostile. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of who answered; empty where a proxy is in between. */
  readonly address: string;
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

/** A file, or the rest of it that was asked for: a body that may still fail. */
export type FoundAnswer = {
  readonly kind: 'found';
  readonly status: number;
  /** Lower-case names. From the mirror: hostile. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the whole file, also where the body is only its rest. */
  readonly contentLength?: number;
  /** Where in the file the body begins; absent: at its beginning. */
  readonly startBytes?: number;
  /** Names these very bytes of this mirror's file, for `RestRequest` (validator.ts). */
  readonly validator?: string;
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
  /** The rest was asked for by its length, and this mirror's file has another one: nobody's fault, it may be asked for all of it. */
  readonly otherFile?: true;
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
  /** So many attempts may run at a time, with their bodies. One more would wait for a connection, and nobody would know. */
  readonly maxConnections: number;
  /** Sockets: open now, opened since the start. */
  connections(): { open: number; opened: number };
  /**
   * Closes the connections, each as soon as what runs on it has ended; resolves then. Attempts that are under way end
   * as if nothing had happened. Whoever asks after that gets connections that go with the answer. Idempotent.
   */
  close(): Promise<void>;
}
