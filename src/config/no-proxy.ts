import { BlockList, isIP, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

/** Whether NO_PROXY names a host: `host` in lower case, without brackets, in ASCII; `port` always there. */
export type Exempt = (host: string, port: string) => boolean;

/** What an entry matches: `address` is the host where that is an IP address. */
type Matcher = (host: string, port: string, address: string | undefined) => boolean;

/**
 * Reads NO_PROXY: names (`example.com` with all below it, `.example.com` and `*.example.com` only what is below),
 * addresses, networks (`10.0.0.0/8`), all but networks with a port if wanted, `*` for everything. What cannot be
 * read is passed over. The rules are Go's to the letter (golang.org/x/net/http/httpproxy, config.init).
 */
export function parseNoProxy(text: string): Exempt {
  const matchers: Matcher[] = [];
  for (const part of text.split(',')) {
    const entry = part.trim().toLowerCase();
    if (entry === '*') return () => true;
    const matcher = entry === '' ? undefined : (network(entry) ?? hostOrAddress(entry));
    if (matcher !== undefined) matchers.push(matcher);
  }
  return (host, port) => {
    const address = isIP(host) === 0 ? undefined : host;
    return matchers.some((matches) => matches(host, port, address));
  };
}

/** `10.0.0.0/8`, `fd00::/8`: net.ParseCIDR. */
function network(entry: string): Matcher | undefined {
  const [, base = '', digits = ''] = /^([0-9a-f:.]+)\/(\d+)$/.exec(entry) ?? [];
  const version = isIP(base);
  const bits = Number(digits);
  if (version === 0 || bits > (version === 4 ? 32 : 128)) return undefined;
  const list = new BlockList();
  list.addSubnet(base, bits, version === 4 ? 'ipv4' : 'ipv6');
  return (_host, _port, address) => address !== undefined && includes(list, address);
}

function hostOrAddress(entry: string): Matcher | undefined {
  const [host, port] = splitHostPort(entry) ?? [entry, ''];
  const isPort = (asked: string): boolean => port === '' || port === asked;
  // An address with a zone is none to net.ParseIP.
  if (isIP(host) !== 0 && !host.includes('%')) {
    const list = new BlockList();
    list.addAddress(host, isIPv6(host) ? 'ipv6' : 'ipv4');
    return (_host, asked, address) => address !== undefined && isPort(asked) && includes(list, address);
  }
  const bare = host.replace(/^\*(?=\.)/, '');
  if (bare === '') return undefined;
  const onlyBelow = bare.startsWith('.');
  const name = toAscii(onlyBelow ? bare.slice(1) : bare);
  return (asked, askedPort, address) =>
    address === undefined &&
    isPort(askedPort) &&
    (asked.endsWith(`.${name}`) || (!onlyBelow && asked === name));
}

/** BlockList knows that `::ffff:10.0.0.1` and `10.0.0.1` are one, as net.IP does. */
function includes(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** net.SplitHostPort; undefined where that fails, e.g. without a port or for `::1`. */
function splitHostPort(text: string): [host: string, port: string] | undefined {
  const bracketed = /^\[([^[\]]*)\]:([^:[\]]*)$/.exec(text);
  const plain = /^([^:[\]]*):([^:[\]]*)$/.exec(text);
  const [, host, port] = bracketed ?? plain ?? [];
  return host === undefined || port === undefined ? undefined : [host, port];
}

function toAscii(name: string): string {
  return /^[ -~]*$/.test(name) ? name : domainToASCII(name) || name;
}
