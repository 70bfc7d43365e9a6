import { BlockList, isIP } from 'node:net';
import { bareHost } from '../kit/address.ts';

/**
 * Everything that is not the public Internet: this host, private and shared networks, link-local (cloud metadata
 * services live there), documentation, benchmarks, multicast, and the IPv6 forms that hide an IPv4 address
 * (IANA special-purpose address registries; RFC 6890).
 */
const NOT_PUBLIC = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** Of IPv6 only 2000::/3 is in public use; these parts of it are not, or carry an IPv4 address. */
const NOT_PUBLIC_IPV6 = [
  ['2001::', 23], // Teredo, ORCHID and other protocol assignments
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4
  ['3fff::', 20],
] as const;

const notPublic = new BlockList();
for (const [network, prefix] of NOT_PUBLIC) notPublic.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of NOT_PUBLIC_IPV6) notPublic.addSubnet(network, prefix, 'ipv6');

const globalIpv6 = new BlockList();
globalIpv6.addSubnet('2000::', 3, 'ipv6');

/** NAT64 (RFC 6052): the last 32 bits are the IPv4 address that is really reached. */
const nat64 = new BlockList();
nat64.addSubnet('64:ff9b::', 96, 'ipv6');
const mapped = new BlockList();
mapped.addSubnet('::ffff:0:0', 96, 'ipv6');

/**
 * Whether an IP address (a literal, not a name) belongs to the public Internet. IPv4 inside IPv6 is judged as the
 * IPv4 address; anything that is no address is not public. An attacker chooses the input: by a redirect, by DNS.
 */
export function isPublicAddress(address: string): boolean {
  const bare = bareHost(address).replace(/%.*$/, '');
  if (isIP(bare) === 4) return !notPublic.check(bare, 'ipv4');
  if (isIP(bare) !== 6) return false;
  if (mapped.check(bare, 'ipv6') || nat64.check(bare, 'ipv6'))
    return !notPublic.check(embeddedIpv4(bare), 'ipv4');
  return globalIpv6.check(bare, 'ipv6') && !notPublic.check(bare, 'ipv6');
}

/** The last 32 bits of a valid IPv6 address, dotted. */
function embeddedIpv4(ipv6: string): string {
  // URL writes every IPv6 address in one form: hexadecimal groups, the longest run of zeros as `::`.
  const canonical = new URL(`http://[${ipv6}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const groups = tail === undefined ? head.split(':') : ['0', '0', ...tail.split(':')];
  const [high = 0, low = 0] = groups
    .slice(-2)
    .map((group) => Number.parseInt(group === '' ? '0' : group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
