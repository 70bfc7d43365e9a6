import { formatAddress } from '../kit/address.ts';

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
  return `proxy ${formatAddress({ host: hostname, port })}`;
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
 * A way to a mirror that ended at its proxy. The mirror is charged (class `http`), although it may be well, since
 * what the gate decides is whether it may be picked: behind a proxy that is down, it may not. Others that need no
 * proxy are picked instead; and where all need it, requests end at once, or with what the copy has, in place of
 * trying until their deadline, while a probe a second finds out when it is back. The cause says whose fault it is:
 * - `proxy`: it cannot be reached, is none, or wants credentials.
 * - `connect-refused`, `connect-timeout`, `reset`: it says that it cannot, or will not, connect to this mirror, or
 *   does not come back from trying. Other mirrors may work through the same proxy.
 */
export class ProxyError extends Error {
  readonly code = 'ERR_RONDO_PROXY';
  readonly blame: 'proxy' | 'connect-refused' | 'connect-timeout' | 'reset';

  /** `message` names the proxy and may quote it; what `cause` says, the classifier appends. */
  constructor(blame: ProxyError['blame'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ProxyError';
    this.blame = blame;
  }
}

/** 407, and what SOCKS has in its place. */
export function wantsCredentials(proxy: ProxyServer): ProxyError {
  const what = proxy.credentials === undefined ? 'wants credentials' : 'does not take these credentials';
  return new ProxyError('proxy', `${proxyName(proxy)} ${what}`);
}
