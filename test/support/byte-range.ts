import type { IncomingHttpHeaders } from 'node:http';
import type { WholeAnswer } from './mirror-content.ts';

/**
 * What a conditional or partial request gets of `whole`: 304 for a known ETag, 206 for one satisfiable
 * range (with If-Range only for the same ETag), 416 beyond the end, else `whole` itself.
 */
export function answerConditions(whole: WholeAnswer, asked: IncomingHttpHeaders): WholeAnswer {
  const etag = whole.headers['etag'];
  if (whole.status !== 200 || etag === undefined) return whole;
  if (asked['if-none-match'] === etag) {
    return { status: 304, headers: { etag }, body: Buffer.alloc(0) };
  }
  const ifRange = asked['if-range'];
  const found = /^bytes=(\d*)-(\d*)$/.exec(asked.range ?? '');
  if (found === null || found[0] === 'bytes=-' || (ifRange !== undefined && ifRange !== etag)) return whole;
  return slice(whole, found[1] ?? '', found[2] ?? '');
}

function slice(whole: WholeAnswer, first: string, last: string): WholeAnswer {
  const size = whole.body.length;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start >= end) {
    const headers = { 'content-range': `bytes */${size}`, 'content-length': '0' };
    return { status: 416, headers, body: Buffer.alloc(0) };
  }
  const headers = {
    ...whole.headers,
    'content-length': String(end - start),
    'content-range': `bytes ${start}-${end - 1}/${size}`,
  };
  return { status: 206, headers, body: whole.body.subarray(start, end) };
}
