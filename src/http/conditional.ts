import type { IncomingHttpHeaders } from 'node:http';
import fresh from 'fresh';
import parseRange from 'range-parser';

/** The validators of a whole file. */
export type Validators = {
  readonly etag: string;
  readonly lastModified: string;
  readonly modifiedMs: number;
};

/** Which part of a file a request wants, after its conditions. Offsets are inclusive. */
export type Selection =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'not-modified' } // 304
  | { readonly kind: 'failed' } // 412
  | { readonly kind: 'unsatisfiable' }; // 416

const WHOLE: Selection = { kind: 'whole' };

/**
 * Judges the conditions and the range of a GET or HEAD in the order of RFC 9110, 13.2.2: If-Match, else
 * If-Unmodified-Since; If-None-Match, else If-Modified-Since; Range with If-Range (GET only). A range that
 * is malformed, not of bytes, or one of several selects the whole file. `headers` come from the client.
 */
export function select(
  method: string | undefined,
  headers: IncomingHttpHeaders,
  sizeBytes: number,
  validators: Validators,
): Selection {
  if (!preconditionsHold(headers, validators)) return { kind: 'failed' };
  if (fresh(headers, { etag: validators.etag, 'last-modified': validators.lastModified })) {
    return { kind: 'not-modified' };
  }
  const range = headers.range;
  if (range === undefined || method !== 'GET' || !ifRangeHolds(headers['if-range'], validators)) return WHOLE;
  return selectRange(range, sizeBytes);
}

function preconditionsHold(headers: IncomingHttpHeaders, validators: Validators): boolean {
  const match = headers['if-match'];
  if (match !== undefined) {
    // Strong comparison: a weak tag is equal to nothing.
    return match.trim() === '*' || match.split(',').some((tag) => tag.trim() === validators.etag);
  }
  const since = headers['if-unmodified-since'];
  if (since === undefined) return true;
  const sinceMs = Date.parse(since);
  return Number.isNaN(sinceMs) || Math.floor(validators.modifiedMs / 1000) * 1000 <= sinceMs;
}

function ifRangeHolds(condition: string | string[] | undefined, validators: Validators): boolean {
  if (condition === undefined) return true;
  return condition === validators.etag || condition === validators.lastModified;
}

function selectRange(range: string, sizeBytes: number): Selection {
  if (range.includes(',')) return WHOLE;
  // range-parser finds a suffix longer than the file unsatisfiable; RFC 9110, 14.1.2 makes it the whole file.
  const suffix = /^bytes=\s*-\s*(\d+)\s*$/.exec(range)?.[1];
  if (suffix !== undefined && sizeBytes > 0 && Number(suffix) >= sizeBytes) {
    return { kind: 'part', start: 0, end: sizeBytes - 1 };
  }
  const parsed = parseRange(sizeBytes, range);
  if (parsed === -1) return range.startsWith('bytes=') ? { kind: 'unsatisfiable' } : WHOLE;
  if (parsed === -2 || parsed.type !== 'bytes') return WHOLE;
  const only = parsed[0];
  return only === undefined ? WHOLE : { kind: 'part', start: only.start, end: only.end };
}
