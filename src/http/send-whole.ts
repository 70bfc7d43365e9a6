import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { NO_STORE } from './cache-control.ts';
import type { Exchange } from './exchange.ts';
import { headerText } from './printable.ts';
import { PROBLEM_CONTENT_TYPE, type Problem, problemOf, problemText } from './problem.ts';
import { softNotFoundWords, statusOf } from './status.ts';
import { say } from '../words/text.ts';

/** Retry-After, in seconds, where an error does not say when trying again may help, and its bounds. */
const DEFAULT_RETRY_AFTER_S = 1;
const MAX_RETRY_AFTER_S = 3600;

/** Up to this size a body goes out with its head in one piece, which node:http only does for strings. */
const MAX_JOINED_BYTES = 8 * 1024;

/** Writes the status and headers (names and values by turns; the array becomes the response's). */
export function sendHead(exchange: Exchange, status: number, headers: string[]): void {
  headers.push('X-Content-Type-Options', 'nosniff');
  if (exchange.lastOnConnection) headers.push('Connection', 'close');
  exchange.response.writeHead(status, headers);
}

/** Answers with a whole body, or with the same head and no body for HEAD. `headers` must have no Content-Length. */
export function sendWhole(
  exchange: Exchange,
  status: number,
  headers: string[],
  body: Uint8Array | string,
): void {
  const lengthBytes = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  headers.push('Content-Length', String(lengthBytes));
  sendHead(exchange, status, headers);
  if (exchange.headOnly) {
    exchange.response.end();
    return;
  }
  exchange.bodyBytes = lengthBytes;
  if (typeof body === 'string' || lengthBytes > MAX_JOINED_BYTES) exchange.response.end(body);
  else
    exchange.response.end(
      Buffer.from(body.buffer, body.byteOffset, lengthBytes).toString('latin1'),
      'latin1',
    );
}

/** Answers with a short page of Rondo's own. */
export function sendText(exchange: Exchange, status: number, contentType: string, text: string): void {
  sendWhole(exchange, status, ['Content-Type', contentType, 'Cache-Control', NO_STORE], text);
}

/** Answers with one of Rondo's own pages, as JSON. */
export function sendJson(exchange: Exchange, value: unknown): void {
  const headers = ['Content-Type', 'application/json', 'Cache-Control', NO_STORE];
  sendWhole(exchange, 200, headers, `${JSON.stringify(value ?? null, undefined, 2)}\n`);
}

/** Answers with an error body that the go command prints. */
export function sendProblem(
  exchange: Exchange,
  status: number,
  problem: Problem,
  headers: string[] = [],
): void {
  exchange.error ??= problem.message;
  headers.push('Content-Type', PROBLEM_CONTENT_TYPE, 'Cache-Control', NO_STORE);
  if (!exchange.fetchAllowed) headers.push('Vary', 'Disable-Module-Fetch');
  sendWhole(exchange, status, headers, problemText(status, problem));
}

/**
 * Answers with whatever was thrown. If part of an answer has left, the connection is cut instead; if the
 * client is gone, nothing happens.
 */
export function sendError(exchange: Exchange, thrown: unknown, errorsAs404: boolean): void {
  if (exchange.closed) return;
  exchange.code = thrown instanceof RondoError ? thrown.code : 'E_BUG';
  if (exchange.response.headersSent) {
    exchange.cut(messageOf(thrown));
    return;
  }
  exchange.error = messageOf(thrown);
  const error = thrown instanceof RondoError ? thrown : asBug(exchange.id, thrown);
  const status = statusOf(error, exchange.kind, errorsAs404);
  const headers: string[] = [];
  if (error.tried !== undefined) {
    exchange.tried = error.tried;
    headers.push('X-Rondo-Tried', headerText(error.tried));
  }
  if (status === 503) headers.push('Retry-After', retryAfterS(error));
  if (exchange.kind !== 'other') {
    // Also offline: `offline` is what the copy has given.
    exchange.cache = 'miss';
    headers.push('X-Rondo-Cache', exchange.cache);
  }
  sendProblem(exchange, status, problemOf(error, softNotFoundWords(error, status)), headers);
}

/** What was thrown by mistake may hold anything: the client learns only where to look it up. */
function asBug(id: string, cause: unknown): RondoError {
  return new RondoError('E_BUG', say('an error inside Rondo'), {
    hint: say("look for request {id} in Rondo's log and report it", { id }),
    cause,
  });
}

function retryAfterS(error: RondoError): string {
  const seconds =
    error.retryAfterMs === undefined ? DEFAULT_RETRY_AFTER_S : Math.ceil(error.retryAfterMs / 1000);
  return String(Math.min(Math.max(seconds, 1), MAX_RETRY_AFTER_S));
}
