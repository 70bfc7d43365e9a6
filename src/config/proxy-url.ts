import { domainToASCII } from 'node:url';
import { bareHost } from '../kit/address.ts';

/** A proxy between this machine and the mirrors. */
export type ProxyServer = {
  /** How it is spoken to: absolute-form requests and CONNECT, the same over TLS, or RFC 1928. */
  readonly protocol: 'http' | 'https' | 'socks5';
  /** Without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Never printed. */
  readonly credentials?: { readonly username: string; readonly password: string };
};

/** The schemes that mean what they say, and their ports. */
const SCHEMES: Readonly<Record<string, readonly [ProxyServer['protocol'], port: number]>> = {
  'http:': ['http', 80],
  'https:': ['https', 443],
  'socks5:': ['socks5', 1080],
  // Go leaves names to the proxy for both (net/http, Transport.dialConn).
  'socks5h:': ['socks5', 1080],
};

/** A proxy's URL as it was read: `unknownScheme` where it is spoken to as an HTTP proxy for want of better. */
export type ProxyUrl = { readonly server: ProxyServer; readonly unknownScheme?: string };

/**
 * Reads the value of HTTP_PROXY or HTTPS_PROXY: a URL, or `host[:port]`, which is an HTTP proxy. Undefined where it
 * is neither: go goes on without a proxy then (httpproxy.parseProxy, config.init). As in go, a scheme that nobody
 * knows counts as http.
 */
export function parseProxyUrl(text: string): ProxyUrl | undefined {
  // As in go, `http://` is also put before a whole URL that cannot be read.
  const url = (HAS_HOST.test(text) ? parseUrl(text) : null) ?? parseUrl(`http://${text}`);
  const hostname = url === null ? '' : hostOf(url);
  if (url === null || hostname === '') return undefined;
  const known = Object.hasOwn(SCHEMES, url.protocol) ? SCHEMES[url.protocol] : undefined;
  const [protocol, defaultPort] = known ?? (['http', 80] as const);
  const port = url.port === '' ? defaultPort : Number(url.port);
  let credentials: ProxyServer['credentials'];
  try {
    const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    if (username !== '' || password !== '') credentials = { username, password };
  } catch {
    return undefined;
  }
  return {
    server: { protocol, hostname, port, ...(credentials === undefined ? {} : { credentials }) },
    ...(known === undefined ? { unknownScheme: url.protocol.slice(0, -1) } : {}),
  };
}

/** Without brackets, in lower case and in ASCII, which URL makes sure of for the schemes of the web only. */
function hostOf({ hostname }: URL): string {
  if (hostname.startsWith('[')) return bareHost(hostname);
  try {
    return domainToASCII(decodeURIComponent(hostname)) || hostname;
  } catch {
    return hostname;
  }
}

const HAS_HOST = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]/i;

/** As url.Parse, which does not forgive control characters, blanks before the path, nor broken escapes before the query. */
function parseUrl(text: string): URL | null {
  return /\p{Cc}|^[^:]*:\/\/[^/?#]* |^[^?#]*%(?![0-9A-Fa-f]{2})/u.test(text) ? null : URL.parse(text);
}
