import { BlockList, isIP } from 'node:net';

/** A host without brackets, and a port. */
export type Address = { readonly host: string; readonly port: number };

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet('169.254.0.0', 16, 'ipv4');
LINK_LOCAL.addSubnet('fe80::', 10, 'ipv6');

const UNSPECIFIED = new BlockList();
UNSPECIFIED.addAddress('0.0.0.0', 'ipv4');
UNSPECIFIED.addAddress('::', 'ipv6');

/**
 * Reads a host, an IPv6 address with or without brackets; as a URL would write it, without brackets or a dot at its
 * end. Undefined for what is none, or could not stand in a URL: an address with a zone, `999.1.1.1`.
 */
export function parseHost(text: string): string | undefined {
  const plain = bareHost(text);
  const isAddress = plain.includes(':');
  if (!isAddress && !/^(?:[0-9a-z-]+\.)*[0-9a-z-]+\.?$/i.test(plain)) return undefined;
  const url = URL.parse(`http://${isAddress ? `[${plain}]` : plain}/`);
  return url === null ? undefined : addressOf(url).host;
}

/** Host (without brackets or a dot at its end) and port of a URL; the port of file URLs is 0. */
export function addressOf(url: URL): Address {
  const host = bareHost(url.hostname).replace(/\.$/, '');
  const defaultPort = { 'http:': 80, 'https:': 443 }[url.protocol] ?? 0;
  return { host, port: url.port === '' ? defaultPort : Number(url.port) };
}

/** `[::1]` without its brackets, anything else as it is. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** `host:port`, with brackets around an IPv6 host. */
export function formatAddress({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The origin under which who listens at `listen` can be dialled from this machine: without a path or a slash at its end. */
export function originOf(scheme: 'http' | 'https', { host, port }: Address): string {
  const dialled = isUnspecified(host) ? (isIP(host) === 4 ? '127.0.0.1' : '::1') : host;
  return `${scheme}://${formatAddress({ host: dialled, port })}`;
}

/** Whether `host` is an address of this machine that no other one can reach: 127/8, `::1`. As net.IP.IsLoopback. */
export function isLoopbackAddress(host: string): boolean {
  return has(LOOPBACK, host);
}

/** Whether `host` is `localhost` or a name below it: no DNS server can give those to another machine (RFC 6761, 6.3). */
export function isLocalhostName(host: string): boolean {
  return /(?:^|\.)localhost\.?$/i.test(host);
}

/** Whether a connection to `host` ends on this machine: `localhost`, 127/8, `::1`, or all addresses (0.0.0.0). */
export function isLoopback(host: string): boolean {
  return isLocalhostName(host) || isLoopbackAddress(host) || isUnspecified(host);
}

/** Whether `host` is a link-local address. */
export function isLinkLocal(host: string): boolean {
  return has(LINK_LOCAL, host);
}

/** Whether `host` means every address of the machine (0.0.0.0 or `::`). */
export function isUnspecified(host: string): boolean {
  return has(UNSPECIFIED, host);
}

/** Whether a client that dials `dialled` reaches who listens at `listen`, as far as addresses tell. */
export function reaches(dialled: Address, listen: Address): boolean {
  if (dialled.port !== listen.port || listen.port === 0) return false;
  return dialled.host === listen.host || (isLoopback(dialled.host) && isLoopback(listen.host));
}

// BlockList knows ::ffff:127.0.0.1 as 127.0.0.1.
function has(list: BlockList, host: string): boolean {
  const bare = host.replace(/%.*$/, '');
  const family = isIP(bare);
  return family !== 0 && list.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}
