import { BlockList, isIP } from 'node:net';
import type { ListenAddress } from './config.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet('169.254.0.0', 16, 'ipv4');
LINK_LOCAL.addSubnet('fe80::', 10, 'ipv6');

const UNSPECIFIED = new BlockList();
UNSPECIFIED.addAddress('0.0.0.0', 'ipv4');
UNSPECIFIED.addAddress('::', 'ipv6');

/** Host (without brackets or a dot at its end) and port of a URL; the port of file URLs is 0. */
export function addressOf(url: URL): ListenAddress {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const defaultPort = { 'http:': 80, 'https:': 443 }[url.protocol] ?? 0;
  return { host, port: url.port === '' ? defaultPort : Number(url.port) };
}

/** `host:port`, with brackets around an IPv6 host. */
export function formatAddress({ host, port }: ListenAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether a connection to `host` ends on this machine: `localhost`, 127/8, `::1`, or all addresses (0.0.0.0). */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || has(LOOPBACK, host) || isUnspecified(host);
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
export function reaches(dialled: ListenAddress, listen: ListenAddress): boolean {
  if (dialled.port !== listen.port || listen.port === 0) return false;
  return dialled.host === listen.host || (isLoopback(dialled.host) && isLoopback(listen.host));
}

// BlockList knows ::ffff:127.0.0.1 as 127.0.0.1.
function has(list: BlockList, host: string): boolean {
  const family = isIP(host.replace(/%.*$/, ''));
  return family !== 0 && list.check(host.replace(/%.*$/, ''), family === 4 ? 'ipv4' : 'ipv6');
}
