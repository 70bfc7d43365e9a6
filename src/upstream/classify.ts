import { STATUS_CODES } from 'node:http';
import type { Outcome } from '../balance/outcome.ts';
import { messageOf } from '../errors/rondo-error.ts';
import { meaningOfCode, rankOf } from './error-codes.ts';
import type { ProxyUse } from './exchange.ts';
import { ProxyError } from './proxy-server.ts';
import { parseRetryAfter } from './retry-after.ts';
import { sanitiseLine } from './sanitise.ts';
import { isHtmlType, isSoftNotFound, looksLikeHtml } from './soft-not-found.ts';

/** Longest `detail` of an Outcome, in characters. */
const MAX_DETAIL = 200;

/** A response as the classifier sees it: all of it from the mirror. */
export type StatusEvidence = {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The first bytes of the body; empty where there was none or nobody looked. */
  readonly bodyStart: Buffer;
  /** Unix time, for a Retry-After that is a date in a response without `Date`. */
  readonly wallMs: number;
};

/**
 * What a complete set of response headers means (selection.md, "What a failure was"; protocol.md, "Hard and soft
 * 404"). The one classifier: gate, error bodies, probes and doctor all use it. Never throws.
 */
export function classifyStatus(evidence: StatusEvidence): Outcome {
  const { status } = evidence;
  const verdict = judge(evidence);
  const retryAfterMs = verdict.class === 'rate-limited' ? retryAfterOf(evidence) : undefined;
  const asked = retryAfterMs === undefined ? '' : `, retry after ${Math.ceil(retryAfterMs / 1000)} s`;
  const note = verdict.note === undefined ? '' : `, ${verdict.note}`;
  return {
    class: verdict.class,
    cause: verdict.cause,
    status,
    detail: sanitiseLine(`${statusLine(status)}${note}${asked}`, MAX_DETAIL),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

type Verdict = Pick<Outcome, 'class' | 'cause'> & { readonly note?: string };

function judge(evidence: StatusEvidence): Verdict {
  const { status, headers, bodyStart } = evidence;
  if (isRondoWithout(evidence))
    return { class: 'neutral', cause: 'unable', note: 'from a Rondo that could not get it' };
  switch (status) {
    case 200:
      return isCaptivePortal(evidence)
        ? { class: 'http', cause: 'captive-portal', note: 'but a web page' }
        : { class: 'ok', cause: 'ok' };
    case 206:
    case 304:
      return { class: 'ok', cause: 'ok' };
    case 404:
    case 410:
      return isSoftNotFound(headers['content-type'] ?? '', bodyStart)
        ? { class: 'http', cause: 'soft-not-found', note: softNote(bodyStart) }
        : { class: 'neutral', cause: 'not-found' };
    case 401:
    case 403:
    case 451:
      return { class: 'neutral', cause: 'refused' };
    case 400:
    case 405:
    case 406:
    case 414:
    case 416:
    case 421:
    case 431:
      // About this request: charged to the mirror, one client could shut the gate of every mirror.
      return { class: 'neutral', cause: 'server-error' };
    case 508: // Loop Detected: as a Rondo answers what has come through it before, or through too many others.
      return { class: 'neutral', cause: 'loop' };
    case 429:
      return { class: 'rate-limited', cause: 'rate-limited' };
    case 511: // Network Authentication Required: RFC 6585 made it for captive portals.
      return { class: 'http', cause: 'captive-portal' };
    case 502:
    case 503:
      return judgeUnavailable(evidence);
    default:
      return isCdnStatus(status)
        ? { class: 'http', cause: 'cdn-origin' }
        : { class: 'http', cause: 'server-error' };
  }
}

/**
 * A Rondo that has asked in vain (http/send-whole.ts): it is well and has its copy, who failed are those it asked. A server
 * in front of one that is down sends no such header.
 */
function isRondoWithout({ status, headers, bodyStart }: StatusEvidence): boolean {
  if (headers['x-rondo-cache'] !== 'miss') return false;
  if (status === 404 || status === 410) return isSoftNotFound(headers['content-type'] ?? '', bodyStart);
  return status === 502 || status === 503 || status === 504;
}

function judgeUnavailable(evidence: StatusEvidence): Verdict {
  const { status, headers, bodyStart } = evidence;
  if (
    status === 503 &&
    (headers['x-ratelimit-remaining']?.trim() === '0' || retryAfterOf(evidence) !== undefined)
  ) {
    return { class: 'rate-limited', cause: 'rate-limited' };
  }
  const throughCdn = headers['via'] !== undefined || /\bMISS\b/i.test(headers['x-cache'] ?? '');
  if (throughCdn && bodyStart.length === 0) return { class: 'http', cause: 'cdn-origin' };
  return { class: 'http', cause: status === 502 ? 'back-end-down' : 'overload' };
}

/** 520 to 527 and 530 are how one large CDN says that its origin failed. */
function isCdnStatus(status: number): boolean {
  return (status >= 520 && status <= 527) || status === 530;
}

/** No file of a GOPROXY is a web page; some mirrors mislabel good files as text/html, so the bytes decide. */
function isCaptivePortal({ headers, bodyStart }: StatusEvidence): boolean {
  return isHtmlType(headers['content-type'] ?? '') && looksLikeHtml(bodyStart);
}

function softNote(bodyStart: Buffer): string {
  return looksLikeHtml(bodyStart) ? 'but a web page' : 'but for now only';
}

function retryAfterOf({ headers, wallMs }: StatusEvidence): number | undefined {
  return parseRetryAfter(headers['retry-after'], headers['date'], wallMs);
}

function statusLine(status: number): string {
  const phrase = STATUS_CODES[status];
  return phrase === undefined ? `status ${status}` : `${status} ${phrase}`;
}

/**
 * What a thrown error means: of sockets, TLS, name lookup, the HTTP parser, files. Follows `cause`, and for the
 * AggregateError of several addresses takes the most telling one. Never throws; unknown errors are the mirror's
 * (`protocol`).
 */
export function classifyError(error: unknown): Outcome {
  if (error instanceof ProxyError) return classifyProxyError(error);
  const found = mostTelling(flatten(error, 0));
  if (found === undefined)
    return { class: 'http', cause: 'protocol', detail: sanitiseLine(messageOf(error), MAX_DETAIL) };
  const { meaning, code, thrown } = found;
  const where = addressOf(thrown);
  const said = meaning.quote === true ? `: ${reasonOf(thrown)}` : '';
  // Our own codes say nothing that the words do not.
  const evidence = [code.startsWith('ERR_RONDO_') ? '' : code, where].filter((part) => part !== '').join(' ');
  const detail = `${meaning.words}${said}${evidence === '' ? '' : ` (${evidence})`}`;
  return { class: meaning.class, cause: meaning.cause, detail: sanitiseLine(detail, MAX_DETAIL) };
}

/**
 * What a thrown error means of a hop that a redirect led to. The mirror has just answered, so there is a network, and it
 * chose where to go: that nobody can be reached there is its failure. What this machine has run out of is not, nor is
 * a proxy of ours.
 */
export function classifyElsewhere(error: unknown): Outcome {
  const outcome = classifyError(error);
  const isOurs = error instanceof ProxyError || mostTelling(flatten(error, 0))?.meaning.exhausted === true;
  if (outcome.cause !== 'network-down' || isOurs) return outcome;
  const detail = sanitiseLine(`redirected to where nobody can be reached: ${outcome.detail}`, MAX_DETAIL);
  return { class: 'http', cause: 'bad-redirect', detail };
}

function classifyProxyError({ blame, message, cause }: ProxyError): Outcome {
  const inner = cause === undefined ? undefined : classifyError(cause);
  // Without a network neither proxy nor mirror is to blame.
  const judged =
    inner?.class === 'local'
      ? { class: inner.class, cause: inner.cause }
      : ({ class: 'http', cause: blame } as const);
  const said = inner === undefined ? message : `${message}: ${inner.detail}`;
  return { ...judged, detail: sanitiseLine(said, MAX_DETAIL) };
}

/**
 * The outcome of a request that went through a proxy: what failed names it, since it may be the proxy's doing (a
 * certificate of its own, an error page). 407 to a forwarded request can only be the proxy's.
 */
export function throughProxy(outcome: Outcome, { name, forwards }: ProxyUse): Outcome {
  if (forwards && outcome.status === 407)
    return {
      class: 'http',
      cause: 'proxy',
      status: 407,
      detail: `${name} wants credentials, or other ones`,
    };
  if (outcome.class === 'ok' || outcome.class === 'neutral' || outcome.detail.startsWith(name))
    return outcome;
  return { ...outcome, detail: sanitiseLine(`through ${name}: ${outcome.detail}`, MAX_DETAIL) };
}

type Found = {
  readonly meaning: NonNullable<ReturnType<typeof meaningOfCode>>;
  readonly code: string;
  readonly thrown: object;
};

function mostTelling(errors: readonly object[]): Found | undefined {
  let best: Found | undefined;
  for (const thrown of errors) {
    const code = stringAt(thrown, 'code') ?? stringAt(thrown, 'name') ?? '';
    const meaning = meaningOfCode(code, stringAt(thrown, 'syscall'));
    if (meaning === undefined) continue;
    if (best === undefined || rankOf(meaning) > rankOf(best.meaning)) best = { meaning, code, thrown };
  }
  return best;
}

/** The errors inside an AggregateError, or else the error and its causes; bounded in depth and number. */
function flatten(error: unknown, depth: number): object[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.slice(0, 32).flatMap((each: unknown) => flatten(each, depth + 1));
  }
  const known = meaningOfCode(stringAt(error, 'code') ?? '', stringAt(error, 'syscall')) !== undefined;
  return known ? [error] : [error, ...flatten((error as { cause?: unknown }).cause, depth + 1)];
}

function addressOf(thrown: object): string {
  const address = stringAt(thrown, 'address') ?? stringAt(thrown, 'hostname') ?? '';
  const port = (thrown as { port?: unknown }).port;
  return address !== '' && typeof port === 'number' ? `${address}:${port}` : address;
}

function reasonOf(thrown: object): string {
  return stringAt(thrown, 'reason') ?? messageOf(thrown);
}

function stringAt(thrown: object, key: string): string | undefined {
  const value = (thrown as Record<string, unknown>)[key];
  return typeof value === 'string' ? value : undefined;
}
