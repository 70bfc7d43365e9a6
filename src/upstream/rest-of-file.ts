import type { RestRequest } from './attempt.ts';
import { sanitiseLine } from './sanitise.ts';

/** What an answer to a request for the rest of a file is. */
export type RestVerdict =
  /** The rest that was asked for, of a file that has `totalBytes` as a whole. */
  | { readonly kind: 'rest'; readonly totalBytes: number }
  /** No contradiction: the mirror has a file of another length. */
  | { readonly kind: 'other-file'; readonly why: string }
  /** The mirror contradicts the request or itself. */
  | { readonly kind: 'nonsense'; readonly why: string };

/** The headers that ask for a rest (RFC 9110, sections 13.1.5 and 14.2). */
export function restHeaders(rest: RestRequest | undefined): Readonly<Record<string, string>> {
  if (rest === undefined) return {};
  const range = `bytes=${rest.fromBytes}-`;
  return rest.validator === undefined ? { range } : { range, 'if-range': rest.validator };
}

/**
 * Judges a 206 by its Content-Range, which must be all that was asked for and no more (RFC 9110, sections 14.4 and
 * 15.3.7); its length and ETag, if it has them, must fit. `headers` are hostile.
 */
export function judgeRest(headers: Readonly<Record<string, string>>, rest: RestRequest): RestVerdict {
  const said = headers['content-range'] ?? '';
  const nonsense = (what: string): RestVerdict => ({
    kind: 'nonsense',
    why: sanitiseLine(`206 to bytes=${rest.fromBytes}-, but ${what}`, 120),
  });
  const found = /^\s*bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})\s*$/i.exec(said);
  if (found === null) return nonsense(`its Content-Range is "${said}"`);
  const [first, last, totalBytes] = [Number(found[1]), Number(found[2]), Number(found[3])];
  if (first !== rest.fromBytes || last !== totalBytes - 1 || last < first)
    return nonsense(`its Content-Range is "${said}"`);
  if (rest.totalBytes !== undefined && rest.totalBytes !== totalBytes)
    return ofAnotherLength(rest, totalBytes);
  const length = headers['content-length']?.trim();
  if (length !== undefined && length !== String(totalBytes - first)) return nonsense('its length is another');
  const etag = headers['etag']?.trim();
  const other = rest.validator?.startsWith('"') === true && etag !== undefined && etag !== rest.validator;
  return other ? nonsense('it has another ETag') : { kind: 'rest', totalBytes };
}

/** What 416 says: nothing where the length was only supposed, a contradiction where the validator had named the file. */
export function judgeUnsatisfiable(rest: RestRequest): Exclude<RestVerdict, { kind: 'rest' }> {
  const why = `416 to bytes=${rest.fromBytes}-`;
  return rest.validator === undefined
    ? { kind: 'other-file', why: `${why}: its file is another` }
    : { kind: 'nonsense', why: `${why} of a file that it had begun` };
}

function ofAnotherLength(rest: RestRequest, totalBytes: number): RestVerdict {
  const why = `its file has ${totalBytes} bytes, not ${rest.totalBytes}`;
  return { kind: rest.validator === undefined ? 'other-file' : 'nonsense', why };
}
