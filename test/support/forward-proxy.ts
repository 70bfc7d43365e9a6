import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Certificate } from './certificates.ts';
import { listen } from './raw-server.ts';
import type { Cleanup } from './temp-folder.ts';

/** What a proxy does besides its work. */
export type ForwardProxyOptions = {
  /** The loopback port behind `host:port`; without one the proxy says 502. */
  readonly portOf: (authority: string) => number | undefined;
  /** Value of Proxy-Authorization that it wants. */
  readonly authorization?: string;
  /** Speaks TLS. */
  readonly certificate?: Certificate;
  /** Takes a CONNECT over and says what it likes. */
  readonly onConnect?: (socket: Socket) => void;
  /** Default 127.0.0.1. */
  readonly host?: string;
};

/** One request as the proxy saw it. */
export type ProxiedRequest = {
  readonly method: string;
  /** `host:port` of a CONNECT, a whole URL of any other. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
};

/** An HTTP proxy on loopback that knows all names, as that of a company does. */
export type ForwardProxy = {
  readonly port: number;
  readonly sockets: readonly Socket[];
  readonly requests: readonly ProxiedRequest[];
};

/** Starts a proxy for CONNECT and absolute-form requests; it ends with the test. */
export async function startForwardProxy(t: Cleanup, options: ForwardProxyOptions): Promise<ForwardProxy> {
  const sockets: Socket[] = [];
  const requests: ProxiedRequest[] = [];
  const note = ({ method = '', url: target = '', headers }: IncomingMessage): boolean => {
    requests.push({ method, target, headers });
    return options.authorization === undefined || headers['proxy-authorization'] === options.authorization;
  };
  const forward = (incoming: IncomingMessage, response: ServerResponse): void => {
    if (!note(incoming)) return void response.writeHead(407).end();
    const url = URL.parse(incoming.url ?? '');
    const port = url === null ? undefined : options.portOf(`${url.hostname}:${url.port || '80'}`);
    if (url === null || port === undefined) return void response.writeHead(502).end();
    const { 'proxy-authorization': _own, ...headers } = incoming.headers;
    const onward = request(
      { port, host: '127.0.0.1', method: incoming.method, path: `${url.pathname}${url.search}`, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    incoming.pipe(onward.on('error', () => response.destroy()));
  };
  const server =
    options.certificate === undefined
      ? createServer(forward)
      : createTlsServer({ cert: options.certificate.certPem, key: options.certificate.keyPem }, forward);
  server.on('connection', (socket: Socket) => sockets.push(socket.on('error', () => undefined)));
  server.on('connect', (incoming: IncomingMessage, socket: Socket) => {
    socket.on('error', () => undefined);
    if (!note(incoming)) return void socket.end('HTTP/1.1 407 X\r\n\r\n');
    if (options.onConnect !== undefined) return options.onConnect(socket);
    const port = options.portOf(incoming.url ?? '');
    if (port === undefined) return void socket.end('HTTP/1.1 502 X\r\n\r\n');
    tunnel(socket, port, 'HTTP/1.1 200 Connection established\r\n\r\n', sockets);
  });
  const { port } = await listen(t, server, sockets, options.host ?? '127.0.0.1', 'http');
  return { port, sockets, requests };
}

/** Joins a client with a loopback port, after telling it so. */
export function tunnel(client: Socket, port: number, yes: string | Buffer, sockets: Socket[]): void {
  const onward = connect({ port, host: '127.0.0.1' }, () => {
    client.write(yes);
    client.pipe(onward).pipe(client);
  });
  sockets.push(onward.on('error', () => client.destroy()));
}
