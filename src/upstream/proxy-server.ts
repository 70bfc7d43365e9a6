import type { Outcome } from '../balance/outcome.ts';

/** A proxy between this machine and a mirror. */
export type ProxyServer = {
  /** `http`: absolute-form and CONNECT (RFC 9110); `https`: the same over TLS; `socks5`: RFC 1928, names left to it. */
  readonly protocol: 'http' | 'https' | 'socks5';
  /** Without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Never printed. */
  readonly credentials?: { readonly username: string; readonly password: string };
};

/** How people know a proxy: `proxy 10.0.0.1:3128`, never with its credentials. */
export function proxyName({ hostname, port }: ProxyServer): string {
  return `proxy ${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
}

/** Value of Proxy-Authorization, if the proxy has credentials. */
export function proxyAuthorization({ credentials }: ProxyServer): string | undefined {
  if (credentials === undefined) return undefined;
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
}

/** Whether a URL is asked of the proxy itself, in absolute form; through all others leads a tunnel. */
export function isForwarded(url: URL, proxy: ProxyServer): boolean {
  return url.protocol === 'http:' && proxy.protocol !== 'socks5';
}

/**
 * A way to a mirror that ended at its proxy. Whose fault that is decides whether the mirror is charged:
 * - The proxy cannot be reached, is not one, or wants credentials: `local`. It is this machine's way out, and all
 *   mirrors behind it would fail alike. Charging them would shut every gate, and they would stay shut for up to
 *   half a minute after the proxy is back.
 * - The proxy says that it cannot, or will not, connect to this mirror, or does not come back from trying: `http`.
 *   Other mirrors may work through the same proxy, so this one is charged like any that cannot be reached.
 */
export class ProxyError extends Error {
  readonly code = 'ERR_RONDO_PROXY';
  readonly blame: Pick<Outcome, 'class' | 'cause'>;

  /** `message` names the proxy and may quote it; where `cause` says more, it is appended by the classifier. */
  constructor(blame: ProxyError['blame'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ProxyError';
    this.blame = blame;
  }
}

/** 407, and what SOCKS has in its place. */
export function wantsCredentials(proxy: ProxyServer): ProxyError {
  const what = proxy.credentials === undefined ? 'wants credentials' : 'does not take these credentials';
  return new ProxyError({ class: 'local', cause: 'proxy' }, `${proxyName(proxy)} ${what}`);
}
