import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { isLocalhostName, isLoopbackAddress } from '../kit/address.ts';

const LOOPBACK_V6 = new BlockList();
LOOPBACK_V6.addAddress('::1', 'ipv6');

const NOBODYS_V4 = new BlockList();
NOBODYS_V4.addSubnet('0.0.0.0', 8, 'ipv4');

// A list of its own: one with `::ffff:0:0/96` has every IPv4 address in it.
const NOBODYS_V6 = new BlockList();
NOBODYS_V6.addAddress('::', 'ipv6');
NOBODYS_V6.addSubnet('::ffff:0:0', 96, 'ipv6');

/**
 * Why a request with this Host header, from the client, is not for this Rondo, for who asks; undefined where it is.
 * On loopback alone it must be an own name (isOwnHost). Elsewhere any name will do, but no address that nobody is given
 * (`0.0.0.0`, `[::]`, an IPv4 address as an IPv6 one): systems lead those to loopback as well, every web page knows them,
 * and to them browsers do not say who asks (web-page.ts).
 */
export function whyMisnamed(host: string | undefined, loopbackOnly: boolean): string | undefined {
  if (loopbackOnly) return isOwnHost(host) ? undefined : NOT_OWN;
  return isNobodysAddress(host ?? '') ? NOBODYS : undefined;
}

const NOT_OWN = 'Host must be 127.0.0.1, [::1] or localhost, since Rondo listens there alone';
const NOBODYS = "Host is no machine's own address: ask by 127.0.0.1, or its address or name";

/**
 * Whether a Host header, from the client, names this machine by what no DNS server can give to another and by what browsers
 * say who asks (web-page.ts): 127/8, `[::1]`, `localhost` or a name below it (RFC 6761, 6.3), with any port. A web page
 * that a browser was made to load from here by a changed DNS record (DNS rebinding) asks by its own name. Requests
 * without the header are no browser's and pass.
 */
export function isOwnHost(host: string | undefined): boolean {
  if (host === undefined || host === '') return true;
  const literal = literalOf(host);
  if (literal !== undefined) return isIPv6(literal) && LOOPBACK_V6.check(literal, 'ipv6');
  const name = withoutPort(host);
  if (isIPv4(name)) return isLoopbackAddress(name);
  return isLocalhostName(name) && /^(?:[a-z0-9_-]+\.)*[a-z]+\.?$/i.test(name);
}

/** Whether it is an address that no machine is given, nor any name. */
function isNobodysAddress(host: string): boolean {
  const literal = literalOf(host);
  if (literal !== undefined) return isIPv6(literal) && NOBODYS_V6.check(literal, 'ipv6');
  const name = withoutPort(host);
  return isIPv4(name) && NOBODYS_V4.check(name, 'ipv4');
}

/** An IPv6 address, or what stands in its place, without its brackets. */
function literalOf(host: string): string | undefined {
  return /^\[([0-9A-Fa-f:.]+)\](?::\d*)?$/.exec(host)?.[1];
}

function withoutPort(host: string): string {
  return host.replace(/:\d*$/, '');
}

/** A Host header that can be shown as part of a URL, or undefined. From the client. */
export function printableHost(host: string | undefined): string | undefined {
  const shape = /^(?:[0-9A-Za-z._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;
  return host !== undefined && shape.test(host) ? host : undefined;
}
