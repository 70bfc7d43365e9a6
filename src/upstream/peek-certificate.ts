import { connect, type DetailedPeerCertificate, type SecureContext } from 'node:tls';
import { isIP } from 'node:net';
import type { Clock } from '../kit/clock.ts';

/** A certificate as its server shows it, trusted or not. Everything in it is hostile. */
export type PeekedCertificate = {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly validFromMs: number;
  readonly validUntilMs: number;
  /** The issuers up to the root, or as far as the server showed them. */
  readonly chain: readonly string[];
  /** SHA-256 of the last certificate of the chain, as Node writes it. */
  readonly rootFingerprint: string;
  /** Why it is not trusted, as Node calls it: `CERT_HAS_EXPIRED`; undefined where it is. */
  readonly untrusted: string | undefined;
};

/** Where and how to look. */
export type PeekOptions = {
  readonly host: string;
  readonly port: number;
  readonly secureContext: SecureContext;
  readonly clock: Clock;
  readonly timeoutMs: number;
};

const LONGEST_CHAIN = 10;

/**
 * Shakes hands with a server and looks at its certificate, whatever it is worth; nothing is asked of the server. For a
 * diagnosis: no request may go this way. Undefined where no certificate came in time. Never rejects.
 */
export function peekCertificate(options: PeekOptions): Promise<PeekedCertificate | undefined> {
  const { host, port, secureContext, clock, timeoutMs } = options;
  return new Promise((resolve) => {
    // An address may not stand in SNI.
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = connect({ host, port, ...servername, secureContext, rejectUnauthorized: false });
    const end = (certificate: PeekedCertificate | undefined): void => {
      timer.cancel();
      socket.destroy();
      resolve(certificate);
    };
    const timer = clock.after(timeoutMs, () => end(undefined));
    socket.once('error', () => end(undefined));
    socket.once('secureConnect', () => {
      const reason: unknown = socket.authorizationError;
      const untrusted = socket.authorized ? undefined : codeOf(reason);
      end(described(socket.getPeerCertificate(true), untrusted));
    });
  });
}

function codeOf(reason: unknown): string {
  if (typeof reason === 'string') return reason;
  return reason instanceof Error && 'code' in reason ? String(reason.code) : 'UNKNOWN';
}

function described(
  certificate: DetailedPeerCertificate,
  untrusted: string | undefined,
): PeekedCertificate | undefined {
  // An empty object where there is none, whatever its type says.
  const { valid_from: from, valid_to: until } = certificate as Partial<DetailedPeerCertificate>;
  if (from === undefined || until === undefined) return undefined;
  const names = [...(certificate.subjectaltname ?? '').matchAll(/(?:DNS|IP Address):([^\s,]+)/g)].map(
    ([, name = '']) => name,
  );
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    names,
    validFromMs: Date.parse(from),
    validUntilMs: Date.parse(until),
    ...chainOf(certificate),
    untrusted,
  };
}

function chainOf(certificate: DetailedPeerCertificate): Pick<PeekedCertificate, 'chain' | 'rootFingerprint'> {
  const chain: string[] = [];
  let each = certificate;
  while (chain.length < LONGEST_CHAIN) {
    chain.push(nameOf(each.issuer));
    // A root is its own issuer; where the chain ends before one there is none, whatever the type says.
    const next = each.issuerCertificate as DetailedPeerCertificate | undefined;
    if (next === undefined || next.fingerprint256 === each.fingerprint256) break;
    each = next;
  }
  return { chain, rootFingerprint: each.fingerprint256 };
}

function nameOf(name: Partial<DetailedPeerCertificate['subject']> | undefined): string {
  const parts = [name?.CN, name?.O].flatMap((part) => part ?? []).flat();
  return parts.join(', ');
}
