import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { WholeAnswer } from './mirror-content.ts';
import type { BreakPoint, WireFault } from './mirror-fault.ts';

/** One request that waits for its answer. */
export type Exchange = {
  readonly method: string;
  readonly response: ServerResponse;
  readonly answer: WholeAnswer;
  /** Bytes of the body given to the connection so far. */
  sentBytes: number;
};

/**
 * How long an RST waits behind the bytes before it. The kernel drops what it has not yet sent when a socket
 * is reset, and Node cannot see when it has: on loopback this is ample.
 */
const RESET_GRACE_MS = 50;
/** The shortest time between two writes of a slow body. */
const TICK_MS = 25;

/** Sends an answer as it should be sent. */
export function send(exchange: Exchange): void {
  const { method, response, answer } = exchange;
  response.writeHead(answer.status, answer.headers);
  if (method === 'HEAD') response.end();
  else response.end(counted(exchange, answer.body));
}

function counted(exchange: Exchange, bytes: Buffer): Buffer {
  exchange.sentBytes += bytes.length;
  return bytes;
}

/** Sends an answer with `fault`. A fault of the body has nothing to break in the answer to a HEAD. */
export function sendFaulty(exchange: Exchange, fault: WireFault): void {
  switch (fault.kind) {
    case 'slow':
      return later(exchange, fault.delayMs, () => send(exchange));
    case 'hang':
      return;
    case 'keep-alive-closed':
      exchange.response.socket?.end();
      return;
    case 'drip':
      if (fault.part === 'headers') return dripHeaders(exchange, fault.bytesPerSecond);
      return sendBodyFault(exchange, () => dripBody(exchange, fault.bytesPerSecond));
    case 'reset':
      return sendBodyFault(exchange, () => reset(exchange, fault));
    case 'short':
      return sendBodyFault(exchange, () => short(exchange, fault));
    case 'cut':
      return sendBodyFault(exchange, () => cut(exchange, fault));
    case 'excess':
      return sendBodyFault(exchange, () => excess(exchange, fault.bytes ?? 16));
    case 'stall':
      return sendBodyFault(exchange, () => writeHead(exchange, breakIndex(exchange, fault), () => {}));
    case 'paced':
      return sendBodyFault(exchange, () =>
        dripBody(exchange, (exchange.answer.body.length * 1000) / fault.overMs),
      );
  }
}

function sendBodyFault(exchange: Exchange, sendIt: () => void): void {
  if (exchange.method === 'HEAD') send(exchange);
  else sendIt();
}

function reset(exchange: Exchange, point: BreakPoint): void {
  const { response } = exchange;
  writeHead(exchange, breakIndex(exchange, point), () => {
    later(exchange, RESET_GRACE_MS, () => response.socket?.resetAndDestroy());
  });
}

function short(exchange: Exchange, point: BreakPoint): void {
  writeHead(exchange, breakIndex(exchange, point), () => exchange.response.socket?.end());
}

function cut(exchange: Exchange, point: BreakPoint): void {
  const { response, answer } = exchange;
  const { 'content-length': _, ...headers } = answer.headers;
  // Without chunks and without a length only the end of the connection ends the body.
  response.useChunkedEncodingByDefault = false;
  response.shouldKeepAlive = false;
  response.writeHead(answer.status, headers);
  response.end(counted(exchange, answer.body.subarray(0, breakIndex(exchange, point))));
}

function excess(exchange: Exchange, bytes: number): void {
  const { response, answer } = exchange;
  response.writeHead(answer.status, answer.headers);
  response.end(counted(exchange, Buffer.concat([answer.body, Buffer.alloc(bytes, 'x')])));
}

/** Sends the headers and the first `bytes` of the body; `sent` runs once the kernel has them. */
function writeHead(exchange: Exchange, bytes: number, sent: () => void): void {
  const { response, answer } = exchange;
  response.writeHead(answer.status, answer.headers);
  response.flushHeaders();
  if (bytes === 0) response.socket?.write('', sent);
  else response.write(counted(exchange, answer.body.subarray(0, bytes)), sent);
}

function dripBody(exchange: Exchange, bytesPerSecond: number): void {
  const { response, answer } = exchange;
  response.writeHead(answer.status, answer.headers);
  response.flushHeaders();
  drip(
    exchange,
    answer.body,
    bytesPerSecond,
    (piece) => response.write(counted(exchange, piece)),
    () => response.end(),
  );
}

/** Writes the status line and headers by hand: node:http sends headers in one piece only. */
function dripHeaders(exchange: Exchange, bytesPerSecond: number): void {
  const { response, answer } = exchange;
  const { socket } = response;
  if (socket === null) return;
  const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const statusLine = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'Status'}\r\n`;
  const head = Buffer.from(`${statusLine}${lines.join('')}connection: close\r\n\r\n`);
  const rest = exchange.method === 'HEAD' ? Buffer.alloc(0) : answer.body;
  drip(
    exchange,
    head,
    bytesPerSecond,
    (piece) => socket.write(piece),
    () => socket.end(counted(exchange, rest)),
  );
}

function drip(
  exchange: Exchange,
  bytes: Buffer,
  bytesPerSecond: number,
  write: (piece: Buffer) => void,
  done: () => void,
): void {
  const tickMs = Math.max(TICK_MS, 1000 / bytesPerSecond);
  const pieceBytes = Math.max(1, Math.round((bytesPerSecond * tickMs) / 1000));
  const step = (from: number): void => {
    if (from >= bytes.length) return done();
    write(bytes.subarray(from, from + pieceBytes));
    later(exchange, tickMs, () => step(from + pieceBytes));
  };
  step(0);
}

function breakIndex({ answer }: Exchange, { afterBytes, afterFraction }: BreakPoint): number {
  const index = afterBytes ?? Math.floor(answer.body.length * (afterFraction ?? 0.5));
  return Math.min(index, answer.body.length);
}

/** Runs `fn` after `delayMs`, unless the connection is gone by then. */
export function later({ response }: Exchange, delayMs: number, fn: () => void): void {
  const stop = (): void => clearTimeout(timer);
  const timer = setTimeout(() => {
    response.off('close', stop);
    fn();
  }, delayMs);
  response.once('close', stop);
}
