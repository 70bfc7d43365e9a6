import type { Server, ServerOptions } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { answerPlainHttp } from './client-error.ts';

/** A certificate, with those of its chain behind it, and its private key: PEM. */
export type KeyPair = { readonly cert: string; readonly key: string };

/** A server for HTTP over TLS. */
export type TlsServer = {
  readonly server: Server;
  /** Every handshake from now on shows this certificate; connections that are open go on. Throws for a pair that cannot be used. */
  renew(pair: KeyPair): void;
  /** Closes connections whose handshake is not over: node does not count them as the server's yet. */
  cutHandshakes(): void;
};

/** A client whose handshake takes longer is cut off. */
const HANDSHAKE_TIMEOUT_MS = 20_000;

/** As node:http's createServer with these options, over TLS 1.2 or newer. Who speaks plain HTTP is told so. `onSecure` hears of each handshake that is over. */
export function createTlsServer(
  pair: KeyPair,
  options: ServerOptions,
  onSecure: (socket: Socket, secure: Socket) => void,
): TlsServer {
  const secure = { ...options, ...contextOptions(pair), handshakeTimeout: HANDSHAKE_TIMEOUT_MS };
  const server = createServer(secure);
  const shaking = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    shaking.set(peer, socket);
    socket.once('close', () => {
      // A client that is gone may have dialled again from its port before that is noticed here.
      if (shaking.get(peer) === socket) shaking.delete(peer);
    });
  });
  server.on('secureConnection', (secure) => {
    const peer = peerOf(secure);
    const socket = shaking.get(peer);
    shaking.delete(peer);
    if (socket !== undefined) onSecure(socket, secure);
  });
  // In place of node's own listener, which makes a `clientError` of it and has nothing to answer with.
  server.removeAllListeners('tlsClientError');
  server.on('tlsClientError', (error, socket) => {
    const under = isPlainHttp(error) ? shaking.get(peerOf(socket)) : undefined;
    if (under?.writable === true) answerPlainHttp(under, () => socket.destroy());
    else socket.destroy();
  });
  return {
    server,
    renew: (next) => server.setSecureContext(contextOptions(next)),
    cutHandshakes() {
      for (const socket of shaking.values()) socket.destroy();
    },
  };
}

/** setSecureContext forgets what it is not told again. */
function contextOptions({ cert, key }: KeyPair): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2' };
}

/** The same for a TLS socket and the one below it, and for no two that are open at both ends. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function isPlainHttp(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_SSL_HTTP_REQUEST';
}
