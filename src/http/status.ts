import type { ErrorKind } from '../errors/codes.ts';
import type { RondoError } from '../errors/rondo-error.ts';
import type { FileKind } from '../events/events.ts';

const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  'not-found': 404,
  refused: 403,
  loop: 508,
  upstream: 502,
  integrity: 502,
  timeout: 504,
  unavailable: 503,
  interrupted: 503,
  storage: 500,
  usage: 500,
  bug: 500,
};

/** Failures that may be over in a moment: what `errors_as_404` is about. Wrong content is not among them. */
const OUTAGES: ReadonlySet<ErrorKind> = new Set(['upstream', 'timeout', 'unavailable', 'interrupted']);

/**
 * The HTTP status of an error: the one place where kinds become statuses (spec protocol.md, "What Rondo
 * answers").
 *
 * - `errorsAs404` makes outages fall through to the next entry of the client's GOPROXY list. Wrong
 *   content stays 502: going round Rondo would hand the client exactly what was refused.
 * - `/sumdb/<name>/supported` is never 5xx, since that would disable the database for the whole `go`
 *   process (cmd/go/internal/modfetch, (*dbClient).initBase): 404 makes it ask the database itself.
 */
export function statusOf(error: RondoError, kind: FileKind, errorsAs404: boolean): number {
  const status = STATUS_OF_KIND[error.kind];
  if (kind === 'sumdb-supported' && status >= 500) return 404;
  return errorsAs404 && OUTAGES.has(error.kind) ? 404 : status;
}

/** The status for a request that has come round to where it was: 508, except where 5xx is never right. */
export function statusOfLoop(kind: FileKind): number {
  return kind === 'sumdb-supported' ? 404 : 508;
}

/**
 * What a 404 that stands for a failure says after `not found: `. A Rondo in front of this one reads it as a
 * failure and not as an answer (spec protocol.md, "Hard and soft 404").
 */
export function softNotFoundWords(error: RondoError, status: number): string {
  return status === 404 && error.kind !== 'not-found' ? 'temporarily unavailable: ' : '';
}
