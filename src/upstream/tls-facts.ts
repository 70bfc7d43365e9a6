import type { TLSSocket } from 'node:tls';

/** What TLS agreed on, for people. From the mirror: hostile, though checked unless certificates are not. */
export type TlsFacts = {
  /** `TLSv1.3`. */
  readonly protocol: string;
  /** When the certificate ends, Unix time in milliseconds; absent where it does not say so readably. */
  readonly validUntilMs?: number;
};

/** The facts of a connection whose handshake is over. */
export function tlsFactsOf(socket: TLSSocket): TlsFacts {
  const protocol = socket.getProtocol() ?? 'TLS';
  // An empty object where there is none, whatever its type says.
  const { valid_to: until } = socket.getPeerCertificate() as { valid_to?: string };
  const validUntilMs = Date.parse(until ?? '');
  return Number.isNaN(validUntilMs) ? { protocol } : { protocol, validUntilMs };
}
