import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { messageOf } from '../errors/rondo-error.ts';

/** What TLS connections trust. Nothing is read before the first call; all connections share the one context. */
export type TlsTrust = () => Promise<SecureContext>;

/**
 * Trust in the certificates that `readRoots` finds, in PEM; where it knows of none (macOS, Windows, a machine
 * without any), in those that Node carries and the system's own store. Both, since Node's view of the store may lack
 * what the system brings along by itself, on Windows until it is first used. Go would trust nobody on a machine
 * without any certificate; Rondo rather works in a bare container.
 *
 * NODE_EXTRA_CA_CERTS is added in each case: who sets it for programs of Node means this one, too.
 *
 * One context for all, since OpenSSL parses 144 certificates (Debian's) in 5 ms, which each connection would pay
 * again if it were given the texts; Node's own default is as cheap only because it is shared, too.
 * @throws Error with code ERR_RONDO_NO_ROOTS where `readRoots` rejects; the next call tries again.
 */
export function createTlsTrust(readRoots: () => Promise<readonly string[] | undefined>): TlsTrust {
  let made: Promise<SecureContext> | undefined;
  const make = async (): Promise<SecureContext> => {
    try {
      return createSecureContext({ ca: [...rootsBeside(await readRoots())] });
    } catch (cause) {
      made = undefined;
      throw Object.assign(new Error(messageOf(cause), { cause }), { code: 'ERR_RONDO_NO_ROOTS' });
    }
  };
  return () => (made ??= make());
}

/** All that is trusted, each once, where `found` is what the machine's files have: see createTlsTrust. */
export function rootsBeside(found: readonly string[] | undefined): ReadonlySet<string> {
  const roots = found ?? [...getCACertificates('bundled'), ...getCACertificates('system')];
  return new Set([...roots, ...getCACertificates('extra')]);
}
