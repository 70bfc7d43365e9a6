import { RondoError } from '../errors/rondo-error.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import type { Clock } from '../kit/clock.ts';
import type { Reply } from '../proxy/reply.ts';
import type { StoredFile } from '../store/store.ts';
import { cacheControlOfAge, cacheControlOfFile } from './cache-control.ts';
import { select } from './conditional.ts';
import type { Exchange } from './exchange.ts';
import { headerText } from './printable.ts';
import { sendBody } from './send-body.ts';
import { sendHead, sendProblem, sendWhole } from './send-whole.ts';
import { say } from '../words/text.ts';

type FileReply = Extract<Reply, { kind: 'file' }>;
type StreamReply = Extract<Reply, { kind: 'stream' }>;

/**
 * Turns what a use case answered into status, headers and bytes. Small answers leave before this returns;
 * the promise of a large one resolves when all of it is with the socket or the client is gone, and rejects
 * as long as nothing has left (send-body.ts). The caller sees to it that a client of HTTP/1.0 gets no
 * stream of unknown length.
 */
export function sendReply(
  exchange: Exchange,
  file: RemoteFile,
  reply: Reply,
  clock: Clock,
): Promise<void> | undefined {
  exchange.cache = reply.cache;
  exchange.mirror = reply.mirror;
  exchange.tried = reply.tried;
  const headers = commonHeaders(reply, clock.now() - exchange.startedMs);
  switch (reply.kind) {
    case 'file':
      headers.push('Cache-Control', cacheControlOfFile(file));
      return sendFile(exchange, reply, headers);
    case 'bytes':
      headers.push('Content-Type', reply.contentType, 'Cache-Control', cacheControlOfAge(reply.maxAgeS));
      sendWhole(exchange, 200, headers, reply.bytes);
      return undefined;
    case 'stream':
      headers.push('Content-Type', reply.contentType, 'Cache-Control', cacheControlOfFile(file));
      return sendStream(exchange, reply, headers);
    case 'head':
      if (!exchange.headOnly) throw new RondoError('E_BUG', say('a GET was answered as a HEAD'));
      headers.push('Content-Type', reply.contentType, 'Cache-Control', cacheControlOfFile(file));
      if (reply.contentLength !== undefined) headers.push('Content-Length', String(reply.contentLength));
      sendHead(exchange, 200, headers);
      exchange.response.end();
      return undefined;
  }
}

function commonHeaders(reply: Reply, totalMs: number): string[] {
  const headers = ['X-Rondo-Cache', reply.cache, 'Server-Timing', serverTiming(reply.timings, totalMs)];
  if (reply.mirror !== undefined) headers.push('X-Rondo-Mirror', headerText(reply.mirror));
  if (reply.tried !== undefined) headers.push('X-Rondo-Tried', headerText(reply.tried));
  return headers;
}

function serverTiming(timings: Reply['timings'], totalMs: number): string {
  let value = '';
  for (const { name, ms } of timings ?? []) value += `${name};dur=${Math.round(ms * 10) / 10}, `;
  return `${value}total;dur=${Math.round(totalMs * 10) / 10}`;
}

const lastModifiedOf = new WeakMap<StoredFile, string>();

function lastModified(file: StoredFile): string {
  let text = lastModifiedOf.get(file);
  if (text === undefined) {
    text = new Date(file.modifiedMs).toUTCString();
    lastModifiedOf.set(file, text);
  }
  return text;
}

function sendFile(exchange: Exchange, reply: FileReply, headers: string[]): Promise<void> | undefined {
  const { file } = reply;
  const validators = { etag: file.etag, lastModified: lastModified(file), modifiedMs: file.modifiedMs };
  headers.push('ETag', validators.etag, 'Last-Modified', validators.lastModified, 'Accept-Ranges', 'bytes');
  const selection = select(exchange.request.method, exchange.request.headers, file.sizeBytes, validators);
  switch (selection.kind) {
    case 'not-modified':
      sendHead(exchange, 304, headers);
      exchange.response.end();
      return undefined;
    case 'failed':
      sendProblem(exchange, 412, { message: 'the file is not the one that the condition names' }, [
        'X-Rondo-Cache',
        reply.cache,
      ]);
      return undefined;
    case 'unsatisfiable': {
      const extra = ['Content-Range', `bytes */${file.sizeBytes}`, 'X-Rondo-Cache', reply.cache];
      sendProblem(exchange, 416, { message: `the file has only ${file.sizeBytes} bytes` }, extra);
      return undefined;
    }
    case 'whole':
      headers.push('Content-Type', reply.contentType);
      return sendPart(exchange, 200, headers, file, undefined);
    case 'part':
      headers.push('Content-Type', reply.contentType);
      headers.push('Content-Range', `bytes ${selection.start}-${selection.end}/${file.sizeBytes}`);
      return sendPart(exchange, 206, headers, file, selection);
  }
}

function sendPart(
  exchange: Exchange,
  status: number,
  headers: string[],
  file: StoredFile,
  part: { start: number; end: number } | undefined,
): Promise<void> | undefined {
  if (file.bytes !== undefined) {
    const bytes = part === undefined ? file.bytes : file.bytes.subarray(part.start, part.end + 1);
    sendWhole(exchange, status, headers, bytes);
    return undefined;
  }
  const lengthBytes = part === undefined ? file.sizeBytes : part.end - part.start + 1;
  headers.push('Content-Length', String(lengthBytes));
  if (exchange.headOnly) {
    sendHead(exchange, status, headers);
    exchange.response.end();
    return undefined;
  }
  const range = part === undefined ? undefined : { start: part.start, end: part.end };
  const body = file.lend?.(range) ?? file.open(range);
  return sendBody(exchange, body, lengthBytes, () => sendHead(exchange, status, headers));
}

async function sendStream(exchange: Exchange, reply: StreamReply, headers: string[]): Promise<void> {
  if (reply.contentLength !== undefined) headers.push('Content-Length', String(reply.contentLength));
  if (exchange.headOnly) {
    sendHead(exchange, 200, headers);
    exchange.response.end();
    exchange.abandon();
    await reply.body[Symbol.asyncIterator]().return?.();
    return;
  }
  await sendBody(exchange, reply.body, reply.contentLength, () => sendHead(exchange, 200, headers));
}
