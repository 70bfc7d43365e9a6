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
  /** Open connections to the mirror at most; redirect targets have a few of their own. */
  readonly maxConnections: number;
  /** An unused connection is closed after this long. */
  readonly idleMs: number;
  /** TCP keep-alive: the first probe after this much silence. */
  readonly keepAliveMs: number;
  /** TLS certificates are not checked. */
  readonly insecure: boolean;
  /** The roots that TLS trusts, in PEM; absent: those of Node. */
  readonly caPems?: readonly string[];
  /** A public mirror may redirect to private addresses. Default: it may not. */
  readonly allowPrivateRedirects?: boolean;
};
