import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { ProxyServer } from '../../src/upstream/proxy-server.ts';
import type { Authority } from './certificates.ts';
import { listen, onRequests, rawAnswer, startRawServer, type RawServer } from './raw-server.ts';
import type { Cleanup } from './temp-folder.ts';

/** A mirror that keeps what it was asked; over TLS as mirror.example. */
export async function proxiedMirror(
  t: Cleanup,
  scheme: 'http' | 'https',
  authority: Authority,
  answer: (path: string) => string = () => rawAnswer(200, 'file'),
): Promise<RawServer & { heads: string[] }> {
  const heads: string[] = [];
  const serve = (socket: Socket): void =>
    onRequests(
      socket.on('error', () => undefined),
      (head) => {
        heads.push(head);
        socket.write(answer(head.split(' ')[1] ?? ''));
      },
    );
  if (scheme === 'http') return { ...(await startRawServer(t, serve)), heads };
  const { certPem, keyPem } = authority.issue(['mirror.example']);
  const sockets: Socket[] = [];
  const server = createServer({ cert: certPem, key: keyPem }, serve);
  server.on('connection', (socket: Socket) => sockets.push(socket));
  return { ...(await listen(t, server, sockets, '127.0.0.1', 'https')), heads };
}

/** All but loopback through the proxy. */
export function through(
  port: number,
  more: Partial<ProxyServer> = {},
): { proxyFor: (url: URL) => ProxyServer | undefined } {
  const proxy: ProxyServer = { protocol: 'http', hostname: '127.0.0.1', port, ...more };
  return { proxyFor: ({ hostname }) => (/^(127\.|\[::1\])/.test(hostname) ? undefined : proxy) };
}
