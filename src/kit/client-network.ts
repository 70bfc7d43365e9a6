import { isIP } from 'node:net';
import { isLinkLocal } from './address.ts';

/** Groups of an IPv6 address that name the network: 64 bits, of which one machine has all that follows. */
const NETWORK_GROUPS = 4;

/**
 * Who is at an address, as far as limits go: an IPv4 address, also one that is written as IPv6, or the network of an
 * IPv6 address, `2001:db8:0:1::/64`; all link-local ones have the same, so that of those the whole address counts, with
 * its interface. Anything else as it is. The address comes from the system.
 */
export function clientNetwork(address: string): string {
  const bare = address.replace(/%.*$/, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(bare) !== 6) return bare;
  // URL writes every IPv6 address in one form: hexadecimal groups, the longest run of zeros as `::`.
  const written = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  if (isLinkLocal(bare)) return `${written}${/%.*$/.exec(address)?.[0] ?? ''}`;
  const [head = '', tail] = written.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return `${[...before, ...zeros, ...after].slice(0, NETWORK_GROUPS).join(':')}::/64`;
}
