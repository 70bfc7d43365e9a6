/**
 * How a visit or probe of a mirror ended, as the state machines see it.
 *
 * - `ok`: a usable answer.
 * - `http`: the mirror failed: 5xx, reset, time-out, soft 404, a certificate, an unusable body.
 * - `local`: this machine failed (EMFILE, ENETUNREACH, …): nobody is charged.
 * - `integrity`: a complete file with wrong content: quarantine.
 * - `neutral`: says nothing of the mirror's health: 404, 410, 401, 403, 451, an answer to this request alone (414,
 *   431, 508, …), a Rondo that could not get the file itself, an answer that was not waited for.
 * - `rate-limited`: told to come back later: cools down, never counts as unhealthy.
 */
export type OutcomeClass = 'ok' | 'http' | 'local' | 'integrity' | 'neutral' | 'rate-limited';

/** What a failure was, by the one classifier (upstream/classify.ts). Shown to people and used as a metric label. */
export type Cause =
  | 'ok'
  | 'not-found'
  | 'refused'
  | 'superseded' // nobody needed the answer any more: another came first, or the program stops
  | 'rate-limited'
  | 'overload' // 503: maintenance or overload
  | 'cdn-origin' // a CDN could not reach its origin
  | 'back-end-down' // 502
  | 'server-error' // any other 5xx, and statuses that no GOPROXY answers
  | 'dns'
  | 'connect-refused'
  | 'connect-timeout'
  | 'tls-timeout'
  | 'certificate'
  | 'header-timeout'
  | 'slow-header' // the soft limit: may still win
  | 'body-idle'
  | 'body-slow'
  | 'reset' // the connection broke
  | 'short-body' // fewer bytes than Content-Length
  | 'soft-not-found' // a 404 whose body says it is a time-out
  | 'captive-portal' // HTML where none can be
  | 'bad-content' // empty, not JSON, another version, …
  | 'wrong-content' // contradicts the checksum database
  | 'bad-redirect'
  | 'loop' // the mirror is Rondo itself
  | 'unable' // the mirror is a Rondo that is well, but could not get this file from its own mirrors
  | 'protocol' // not HTTP
  | 'proxy' // of HTTP_PROXY or HTTPS_PROXY: not there, not one, or without credentials
  | 'network-down'; // this machine's own network

/** Whoever did this took too long, at one step or another. */
export const TIME_OUTS: ReadonlySet<Cause> = new Set([
  'connect-timeout',
  'tls-timeout',
  'header-timeout',
  'slow-header',
  'body-idle',
  'body-slow',
]);

/** How a visit ends that has reached nobody. */
export const UNREACHED: ReadonlySet<Cause> = new Set([
  'dns',
  'connect-refused',
  'connect-timeout',
  'tls-timeout',
  'proxy',
  'network-down',
]);

/** How a visit ends of which nothing was heard: nobody was reached, or nobody who speaks. */
export const UNANSWERED: ReadonlySet<Cause> = new Set<Cause>([
  ...UNREACHED,
  'certificate',
  'header-timeout',
  'slow-header',
]);

/** May be the doing of what was asked for as well as of the mirror: its origin hangs, for whoever fetches it. */
export const DOUBTFUL: ReadonlySet<Cause> = new Set(['slow-header', 'header-timeout', 'soft-not-found']);

/** How one visit or probe ended. */
export type Outcome = {
  readonly class: OutcomeClass;
  readonly cause: Cause;
  /** HTTP status, where there was one. */
  readonly status?: number;
  /** The mirror's own request to stay away, in milliseconds. */
  readonly retryAfterMs?: number;
  /** One line of evidence for people: a status line, an errno, what differed. Sanitised, at most 200 characters. */
  readonly detail: string;
};
