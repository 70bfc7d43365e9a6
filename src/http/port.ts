import type { RemoteFile } from '../gomod/module-file.ts';
import type { Reply } from '../proxy/reply.ts';

/** What the use cases may know of the request that they answer. */
export type IncomingContext = {
  /** Names the request in the log and in events. */
  readonly id: string;
  /**
   * Aborts when the client is gone before its answer was complete. A `stream` body must end or throw
   * soon after: until then its buffers are held.
   */
  readonly signal: AbortSignal;
  /** HEAD: no body is wanted. */
  readonly headOnly: boolean;
  /** False with `Disable-Module-Fetch: true`: the copy answers or nobody. */
  readonly fetchAllowed: boolean;
  /** What of the request's Via goes on to mirrors, to be extended there: nothing but instances of Rondo (via.ts). */
  readonly via: string | undefined;
};

/**
 * Answers a parsed request, at once where nothing has to be waited for. Rejects or throws a RondoError, which
 * status.ts and problem.ts turn into an answer.
 */
export type Answer = (file: RemoteFile, context: IncomingContext) => Reply | Promise<Reply>;

/** What of the server may change while it runs. */
export type ServerSettings = {
  /** Longer URLs are answered 414. */
  readonly urlBytes: number;
  /** All headers together, without the URL; more is answered 431. Counts for connections that come from then on. */
  readonly headerBytes: number;
  /** Outages are answered 404, so that clients go on to the next entry of their list. */
  readonly errorsAs404: boolean;
  /** Connections of all clients, and of one of them. Absent: as client-connections.ts has it. */
  readonly connections?: { readonly most?: number; readonly perClient?: number };
  /** Absent: a client may ask as much as it likes. */
  readonly clients?: ClientLimits;
};

/** What one client may ask for: an IPv4 address, or a network of IPv6 with 64 bits. */
export type ClientLimits = {
  /** Requests a second; Infinity: any number. */
  readonly perS: number;
  /** So many may be ahead of that. */
  readonly burst: number;
  /** What is ahead is answered at once, and what is too much at once refused; else it waits. */
  readonly nodelay: boolean;
  /** Of what is refused. */
  readonly status: number;
  /** Requests under way; Infinity: any number. */
  readonly concurrent: number;
  /** Clients on this machine are limited too. */
  readonly loopback: boolean;
};

/** What Rondo's own pages show. */
export type Admin = {
  /** Whether requests can be answered now; `why` is one line for people of what is amiss, empty where nothing is. */
  ready(): Promise<{ ready: boolean; why: string }>;
  /** The Prometheus text of /metrics. */
  metrics(): Promise<{ contentType: string; text: string }>;
  /** When a mirror last gave an answer that was right, Unix milliseconds; undefined where none has yet. */
  lastAnswerMs(): number | undefined;
  readonly version: string;
  /** What follows Rondo's own URL in a GOPROXY: `,direct`, `|direct`, `,off` or nothing. */
  readonly chainEnd: () => string;
};
