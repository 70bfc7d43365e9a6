import type { ProxyServer } from './proxy-server.ts';

/** What the connections to one mirror obey. The defaults are configuration's (selection.md, "The base rules"). */
export type UpstreamSettings = {
  /** Name lookup and TCP together may take this long. */
  readonly connectMs: number;
  /** The TLS handshake may take this long, counted from the end of TCP's. */
  readonly tlsMs: number;
  /** A body that sends nothing for this long, while somebody waits for it, is broken. */
  readonly bodyIdleMs: number;
  /** A body slower than this over `minRateWindowMs`, while somebody waits for it, is broken. */
  readonly minRateBytesPerS: number;
  readonly minRateWindowMs: number;
  /** Open connections to the mirror at most, and as many to each target of its redirects. */
  readonly maxConnections: number;
  /** An unused connection is closed after this long. */
  readonly idleMs: number;
  /** TCP keep-alive: the first probe after this much silence. */
  readonly keepAliveMs: number;
  /** TLS certificates of mirrors are not checked. */
  readonly insecure: boolean;
  /** A public mirror may redirect to private addresses. */
  readonly allowPrivateRedirects: boolean;
  /** So many redirects are followed; default 10. */
  readonly maxRedirects?: number;
  /** The proxy through which a URL is reached, or none. Pure, so that all parts of a request agree. */
  readonly proxyFor: (url: URL) => ProxyServer | undefined;
};
