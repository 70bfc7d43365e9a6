import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Cleanup } from './temp-folder.ts';

/** A TCP server whose test writes every byte itself. */
export type RawServer = { readonly port: number; readonly url: URL; readonly sockets: readonly Socket[] };

/** Starts `onConnection` on a free loopback port; it ends with the test, and with it all connections. */
export async function startRawServer(
  t: Cleanup,
  onConnection: (socket: Socket) => void,
  host = '127.0.0.1',
): Promise<RawServer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined); // Clients that reset are part of the tests.
    onConnection(socket);
  });
  return await listen(t, server, sockets, host, 'http');
}

/** Makes any kind of server listen on a loopback port, any free one unless told, until the end of the test. */
export async function listen(
  t: Cleanup,
  server: Server,
  sockets: Socket[],
  host: string,
  scheme: 'http' | 'https',
  wanted = 0,
): Promise<RawServer> {
  server.listen(wanted, host);
  await once(server, 'listening');
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: new URL(`${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`), sockets };
}

/** Calls `onRequest` with each request's head; requests have no bodies. */
export function onRequests(socket: Socket, onRequest: (head: string, socket: Socket) => void): void {
  let pending = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    pending += text;
    for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
      const head = pending.slice(0, end);
      pending = pending.slice(end + 4);
      onRequest(head, socket);
    }
  });
}

/** A whole answer as text; Content-Length is added unless `headers` has one or says how else it ends. */
export function rawAnswer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): string {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const framed = names.includes('content-length') || names.includes('transfer-encoding');
  const all = framed ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body, 'latin1')) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} X\r\n${lines.join('')}\r\n${body}`;
}

/** Resolves when a socket has closed, in whichever way. */
export function closed(socket: Socket | undefined): Promise<void> {
  if (socket === undefined) return Promise.reject(new Error('there was no connection'));
  if (socket.closed) return Promise.resolve();
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
