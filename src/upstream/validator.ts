import { parseHttpDate } from './http-date.ts';

/** What is sent back in If-Range is no longer than this. */
const MAX_LENGTH = 256;
/** A date is strong where the file cannot have changed again within its second (RFC 9110, section 8.8.2.2); more, because clocks differ. */
const SETTLED_MS = 60_000;

/**
 * What If-Range may carry for the file that came with these headers (RFC 9110, section 13.1.5): a strong ETag; where
 * there is no ETag at all, a Last-Modified that lies well before the answer's own Date. Undefined where two answers
 * cannot be known to be of the same bytes. From a mirror: hostile, and sent back to it.
 */
export function strongValidator(headers: Readonly<Record<string, string>>): string | undefined {
  const etag = headers['etag']?.trim();
  if (etag !== undefined && etag !== '') {
    return etag.length <= MAX_LENGTH && /^"[\x21\x23-\x7e]*"$/.test(etag) ? etag : undefined;
  }
  const modified = headers['last-modified']?.trim() ?? '';
  const modifiedMs = parseHttpDate(modified);
  const sentMs = parseHttpDate(headers['date']?.trim() ?? '');
  if (modifiedMs === undefined || sentMs === undefined) return undefined;
  return sentMs - modifiedMs >= SETTLED_MS ? modified : undefined;
}
