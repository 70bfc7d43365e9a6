import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM_CONTENT_TYPE, problemText } from './problem.ts';

/** What node:http adds to an error of its parser. */
type ParserError = Error & { readonly code?: string; readonly rawPacket?: Buffer };

/**
 * Answers a connection on which no request could be read, and closes it. `answering` tells whether an
 * answer is being written on it: then another one in its middle would become part of a body, and the
 * connection is cut instead.
 */
export function answerClientError(error: ParserError, socket: Duplex, answering: boolean): void {
  if (error.code === 'ECONNRESET' || !socket.writable || answering) {
    socket.destroy(error);
    return;
  }
  const { status, message } = judge(error);
  sendProblem(socket, status, message, () => socket.destroy());
}

/** Answers CONNECT, for which node leaves the whole connection to whoever listens. */
export function answerConnect(socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  const message = 'the method CONNECT is not allowed: Rondo answers GET and HEAD';
  sendProblem(socket, 405, message, () => socket.destroy(), ['Allow: GET, HEAD']);
}

/** Answers who speaks plain HTTP to a port for TLS, on the socket below it, and closes that. */
export function answerPlainHttp(socket: Duplex, onSent: () => void): void {
  sendProblem(socket, 400, 'this is plain HTTP, and here is HTTPS: write https:// in GOPROXY', onSent);
}

function sendProblem(
  socket: Duplex,
  status: number,
  message: string,
  onSent: () => void,
  headers: readonly string[] = [],
): void {
  const body = problemText(status, { message });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${PROBLEM_CONTENT_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    ...headers,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, onSent);
}

function judge(error: ParserError): { status: number; message: string } {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      // The parser does not say where it stopped. Without the end of any line it was still in the first one.
      return error.rawPacket?.includes('\n') === true
        ? { status: 431, message: 'the headers of the request are too long or too many' }
        : { status: 414, message: 'the URL of the request is too long' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, message: 'the request took too long to arrive' };
    case undefined:
    default:
      return { status: 400, message: 'this is not an HTTP/1 request that Rondo can read' };
  }
}
