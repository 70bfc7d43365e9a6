import { connect as tcpConnect, isIP, type Socket } from 'node:net';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import type { Clock } from '../kit/clock.ts';
import { connectTunnel } from './connect-tunnel.ts';
import type { NameLookups } from './name-lookups.ts';
import { privateAddressError, publicOnly, type Network } from './network.ts';
import { isForwarded, ProxyError, proxyName, type ProxyServer } from './proxy-server.ts';
import type { UpstreamSettings } from './settings.ts';
import { countSocket, enterSocket, type SocketBook } from './socket-book.ts';
import { socksTunnel } from './socks-tunnel.ts';
import { tlsFactsOf } from './tls-facts.ts';
import type { TlsTrust } from './tls-trust.ts';

/** RFC 8305, section 5: so long may one address hold up the next one. A black-holed AAAA must not cost a request. */
const NEXT_ADDRESS_MS = 250;

const CONNECT_TIMEOUT = 'ERR_RONDO_CONNECT_TIMEOUT';
const TLS_TIMEOUT = 'ERR_RONDO_TLS_TIMEOUT';

/** What a connector is made of. */
export type ConnectorOptions = {
  readonly settings: UpstreamSettings;
  readonly trust: TlsTrust;
  readonly clock: Clock;
  readonly network: Network;
  readonly book: SocketBook;
  readonly names: NameLookups;
  /** Targets are those of redirects: the mirror chose their names. */
  readonly redirected: boolean;
  /**
   * Refuse addresses that are not public: for redirects of public mirrors. Behind a proxy this holds for literal
   * addresses only, since the proxy looks the names up, and its rules decide.
   */
  readonly publicOnly: boolean;
};

/**
 * undici's connector with a limit and an error each for TCP (with the name lookup), for the tunnel through a proxy,
 * and for TLS, which undici's own counts as one (selection.md, "Connections"); its ProxyAgent gives only part of
 * them limits at all. Errors carry ERR_RONDO_CONNECT_TIMEOUT, ERR_RONDO_TLS_TIMEOUT, ERR_RONDO_PRIVATE_ADDRESS,
 * ERR_RONDO_NO_ROOTS or ERR_RONDO_PROXY as their code, or are Node's. (undici repeats for ever what fails with
 * UND_ERR_SOCKET or UND_ERR_INFO: no error from here may have these codes.)
 */
export function createConnector(options: ConnectorOptions): buildConnector.connector {
  return (target, callback) => {
    connect(target, options).then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(error as Error, null),
    );
  };
}

async function connect(target: buildConnector.Options, options: ConnectorOptions): Promise<Socket> {
  const { settings, clock, network } = options;
  const { hostname } = target;
  if (options.publicOnly && isIP(hostname) !== 0 && !network.isPublic(hostname))
    throw privateAddressError(hostname);
  const secure = target.protocol === 'https:';
  const port = target.port === '' ? (secure ? 443 : 80) : Number(target.port);
  const authority = `${isIP(hostname) === 6 ? `[${hostname}]` : hostname}:${port}`;
  const url = new URL(`${target.protocol}//${authority}`);
  const proxy = settings.proxyFor(url);
  // The first time, files are read meanwhile. If that fails, it does so again when TLS begins.
  if (secure && !settings.insecure) options.trust().catch(() => undefined);
  const line =
    proxy === undefined
      ? await dial(hostname, port, options, options)
      : await dialProxy(proxy, isForwarded(url, proxy) ? undefined : { hostname, port, authority }, options);
  const connectedAtMs = clock.now();
  const remoteAddress = proxy === undefined ? (line.remoteAddress ?? '') : '';
  const record = { connectedAtMs, remoteAddress, requests: 0 };
  if (!secure) {
    enterSocket(line, record);
    return line;
  }
  const socket = await secureLine(line, hostname, target.servername, !settings.insecure, options);
  enterSocket(socket, { ...record, securedAtMs: clock.now(), tls: tlsFactsOf(socket) });
  return socket;
}

/** A TCP connection; the limit covers the name lookup and all addresses. */
async function dial(
  host: string,
  port: number,
  how: Pick<ConnectorOptions, 'redirected' | 'publicOnly'>,
  { settings, clock, network, book, names }: ConnectorOptions,
): Promise<Socket> {
  const lookup = how.redirected ? names.redirected : names.chosen;
  const socket = tcpConnect({
    host,
    port,
    lookup: how.publicOnly ? publicOnly({ ...network, lookup }) : lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
  });
  socket.setNoDelay(true).setKeepAlive(true, settings.keepAliveMs);
  socket.once('connect', () => countSocket(book, socket));
  await within(happened(socket, 'connect'), socket, settings.connectMs, CONNECT_TIMEOUT, clock);
  const address = socket.remoteAddress ?? '';
  if (!how.publicOnly || network.isPublic(address)) return socket;
  socket.destroy();
  throw privateAddressError(address);
}

type Target = { readonly hostname: string; readonly port: number; readonly authority: string };

/** A connection to a proxy, and through it to `target` where a tunnel is wanted. */
async function dialProxy(
  proxy: ProxyServer,
  target: Target | undefined,
  options: ConnectorOptions,
): Promise<Socket> {
  let line: Socket;
  try {
    line = await dial(proxy.hostname, proxy.port, { redirected: false, publicOnly: false }, options);
    // Always checked: `insecure` is for mirrors, and this one gets the credentials.
    if (proxy.protocol === 'https') line = await secureLine(line, proxy.hostname, null, true, options);
  } catch (error) {
    throw new ProxyError('proxy', proxyName(proxy), error);
  }
  if (target === undefined) return line;
  const { clock, settings } = options;
  const tunnel =
    proxy.protocol === 'socks5'
      ? socksTunnel(line, proxy, target)
      : connectTunnel(line, proxy, target.authority);
  try {
    // The proxy looks the name up and connects meanwhile: what it takes is what a mirror without a proxy may take.
    await within(tunnel, line, settings.connectMs, CONNECT_TIMEOUT, clock);
    return line;
  } catch (error) {
    throw tunnelError(error, proxy, target, settings.connectMs);
  }
}

function tunnelError(error: unknown, proxy: ProxyServer, target: Target, limitMs: number): ProxyError {
  if (error instanceof ProxyError) return error;
  const { code } = error as { code?: unknown };
  const name = proxyName(proxy);
  if (code === CONNECT_TIMEOUT) {
    return new ProxyError(
      'connect-timeout',
      `${name} does not connect to ${target.authority} within ${limitMs / 1000} s`,
    );
  }
  if (typeof code === 'string' && code.startsWith('HPE_'))
    return new ProxyError('proxy', `${name} does not speak HTTP`, error);
  return new ProxyError('reset', `${name} hangs up on ${target.authority}`, error);
}

/** TLS over a connection that stands. */
async function secureLine(
  line: Socket,
  hostname: string,
  servername: string | null | undefined,
  checked: boolean,
  { settings, clock, trust }: ConnectorOptions,
): Promise<TLSSocket> {
  try {
    // Where nobody checks, no roots are read.
    const secureContext = checked ? await trust() : undefined;
    const socket = tlsConnect({
      socket: line,
      host: hostname,
      // SNI is for names only (RFC 6066, section 3); an address is still checked against the certificate.
      servername: servername ?? (isIP(hostname) === 0 ? hostname : ''),
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: checked,
      ...(secureContext === undefined ? {} : { secureContext }),
    });
    await within(happened(socket, 'secureConnect'), socket, settings.tlsMs, TLS_TIMEOUT, clock);
    return socket;
  } catch (error) {
    line.destroy();
    throw error;
  }
}

/** What `work` on a socket comes to; after `limitMs` the socket is destroyed, which must end `work`. */
async function within(
  work: Promise<void>,
  socket: Socket,
  limitMs: number,
  code: string,
  clock: Clock,
): Promise<void> {
  const timer = clock.after(limitMs, () => {
    socket.destroy(Object.assign(new Error(`nothing within ${limitMs} ms`), { code }));
  });
  try {
    await work;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    timer.cancel();
  }
}

/** Resolves with an event of a socket, rejects as the socket ends before that. */
function happened(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    // Stays for good: an error after undici has let go of the socket must not end the process.
    socket.on('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    socket.once(event, () => resolve());
  });
}
