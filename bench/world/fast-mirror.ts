import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createSocketServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Certificate } from '../../test/support/certificates.ts';
import type { Link } from './link.ts';
import type { AnswerPath } from './mirror-files.ts';
import { sendPaced } from './paced-body.ts';
import type { SeenRequest } from './traffic.ts';

/** How far away mirrors are, and how fast they are. */
export type Distance = {
  /** Each answer begins so long after its request: there and back together. */
  readonly latencyMs: number;
  /**
   * A new connection is served so long after it was opened; default 0. TCP takes one way there and back, TLS
   * 1.3 another one: loopback would hide both.
   */
  readonly handshakeMs?: number;
  /** Bodies of zips from 1 MiB on are spread over so long. */
  readonly zipOverMs?: number;
};

/** What a mirror is made of. `link` is shared with other mirrors; `seen` takes the log. */
export type FastMirror = {
  readonly mirror: number;
  readonly answer: AnswerPath;
  readonly distance: Distance;
  readonly link?: Link;
  readonly certificate?: Certificate;
  readonly seen: (request: SeenRequest) => void;
  readonly opened: () => void;
};

const PACED_FROM_BYTES = 2 ** 20;
/** What the line carries besides a body. */
const HEAD_BYTES = 250;

/** Serves on a free port of 127.0.0.1; the base URL. Ends with the process. */
export async function serveFastMirror(parts: FastMirror): Promise<string> {
  // A mirror never gives a connection up by itself: what is opened anew was given up by the client.
  const options = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true };
  const { certificate, opened } = parts;
  const web =
    certificate === undefined
      ? createServer(options)
      : createTlsServer({ ...options, key: certificate.keyPem, cert: certificate.certPem });
  web.on('request', (request: IncomingMessage, response: ServerResponse) => {
    respond(parts, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const front = distantFront(web, parts.distance.handshakeMs ?? 0, opened);
  front.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
  await once(front, 'listening');
  const { port } = front.address() as AddressInfo;
  return `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
}

/** Accepts connections and hands each over after `handshakeMs`. */
function distantFront(web: Server, handshakeMs: number, opened: () => void): Server {
  return createSocketServer({ pauseOnConnect: handshakeMs > 0, noDelay: true }, (socket) => {
    opened();
    // A client may reset whenever it likes.
    socket.on('error', () => {});
    if (handshakeMs === 0) {
      web.emit('connection', socket);
      return;
    }
    setTimeout(() => {
      if (socket.destroyed) return;
      web.emit('connection', socket);
      socket.resume();
    }, handshakeMs);
  });
}

async function respond(parts: FastMirror, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { mirror, answer, distance, link, seen } = parts;
  // The go command asks for zips with `%21`, for everything else with `!` (proxyRepo.getBody).
  const path = (request.url ?? '/').replaceAll('%21', '!');
  const entry = { mirror, path, atMs: performance.now(), status: 0, bytes: 0 };
  seen(entry);
  const [{ status, type, body }] = await Promise.all([answer(path), sleep(distance.latencyMs)]);
  if (response.destroyed) return;
  entry.status = status;
  response.writeHead(status, { 'content-type': type, 'content-length': body.length });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  link?.reserve(HEAD_BYTES, performance.now());
  const isPaced =
    distance.zipOverMs !== undefined && path.endsWith('.zip') && body.length >= PACED_FROM_BYTES;
  const pacing = { ...(link && { link }), ...(isPaced && { overMs: distance.zipOverMs }) };
  if (isPaced) response.flushHeaders();
  await sendPaced(response, body, pacing, (bytes) => (entry.bytes += bytes));
}
