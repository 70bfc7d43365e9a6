import { connect as tcpConnect, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import type { buildConnector } from 'undici';
import type { Clock, Timer } from '../kit/clock.ts';
import { privateAddressError, publicOnly, type Network } from './network.ts';
import type { UpstreamSettings } from './settings.ts';
import { countSocket, enterSocket, type SocketBook } from './socket-book.ts';

/** RFC 8305, section 5: so long may one address hold up the next one. A black-holed AAAA must not cost a request. */
const NEXT_ADDRESS_MS = 250;

/** What a connector is made of. */
export type ConnectorOptions = {
  readonly settings: UpstreamSettings;
  readonly clock: Clock;
  readonly network: Network;
  readonly book: SocketBook;
  /** Refuse addresses that are not public: for redirects of public mirrors. */
  readonly publicOnly: boolean;
};

/**
 * undici's connector with a limit and an error each for TCP (with the name lookup) and for TLS, which undici's own
 * counts as one (selection.md, "Connections"). Errors carry ERR_RONDO_CONNECT_TIMEOUT, ERR_RONDO_TLS_TIMEOUT or
 * ERR_RONDO_PRIVATE_ADDRESS as their code, or are Node's. (undici repeats for ever what fails with UND_ERR_SOCKET
 * or UND_ERR_INFO: no error from here may have these codes.)
 */
export function createConnector(options: ConnectorOptions): buildConnector.connector {
  return (target, callback) => {
    if (options.publicOnly && isIP(target.hostname) !== 0 && !options.network.isPublic(target.hostname)) {
      queueMicrotask(() => callback(privateAddressError(target.hostname), null));
      return;
    }
    const secure = target.protocol === 'https:';
    watch(dial(target, secure, options), secure, options, callback);
  };
}

function dial(
  { hostname, port, servername }: buildConnector.Options,
  secure: boolean,
  options: ConnectorOptions,
): Socket {
  const { settings, network } = options;
  const tcp: TcpNetConnectOpts = {
    host: hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    lookup: options.publicOnly ? publicOnly(network) : network.lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
  };
  if (!secure) return tcpConnect(tcp);
  return tlsConnect({
    ...tcp,
    // SNI is for names only (RFC 6066, section 3); an address is still checked against the certificate.
    servername: servername ?? (isIP(hostname) === 0 ? hostname : ''),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: !settings.insecure,
    ...(settings.caPems === undefined ? {} : { ca: [...settings.caPems] }),
  });
}

function watch(
  socket: Socket,
  secure: boolean,
  options: ConnectorOptions,
  callback: buildConnector.Callback,
): void {
  const { settings, clock, network, book } = options;
  let timer = limit(clock, socket, settings.connectMs, 'ERR_RONDO_CONNECT_TIMEOUT');
  let connectedAtMs = 0;
  let settled = false;

  const ready = (securedAtMs?: number): void => {
    if (settled) return;
    settled = true;
    timer.cancel();
    const remoteAddress = socket.remoteAddress ?? '';
    enterSocket(socket, {
      connectedAtMs,
      remoteAddress,
      requests: 0,
      ...(securedAtMs === undefined ? {} : { securedAtMs }),
    });
    callback(null, socket);
  };

  socket.setNoDelay(true).setKeepAlive(true, settings.keepAliveMs);
  socket.once('connect', () => {
    countSocket(book, socket);
    timer.cancel();
    connectedAtMs = clock.now();
    const address = socket.remoteAddress ?? '';
    if (options.publicOnly && !network.isPublic(address))
      return void socket.destroy(privateAddressError(address));
    if (!secure) return ready();
    timer = limit(clock, socket, settings.tlsMs, 'ERR_RONDO_TLS_TIMEOUT');
  });
  if (secure) socket.once('secureConnect', () => ready(clock.now()));
  // Stays for good: an error after undici has let go of the socket must not end the process.
  socket.on('error', (error) => {
    if (settled) return;
    settled = true;
    timer.cancel();
    callback(error, null);
  });
}

function limit(clock: Clock, socket: Socket, limitMs: number, code: string): Timer {
  return clock.after(limitMs, () => {
    socket.destroy(Object.assign(new Error(`nothing within ${limitMs} ms`), { code }));
  });
}
