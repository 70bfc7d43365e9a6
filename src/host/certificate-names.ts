import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** Whether `leaf` is for `host`, a name or an address without brackets, as Go's x509.Certificate.VerifyHostname sees it: the common name does not count. */
export function isNamedBy(leaf: X509Certificate, host: string): boolean {
  return (isIP(host) === 0 ? leaf.checkHost(host, { subject: 'never' }) : leaf.checkIP(host)) !== undefined;
}

/** The names that `leaf` is for, those with a wildcard left out. */
export function namesOf(leaf: X509Certificate): string[] {
  // What could be taken for a separator stands in quotes there, and is no host name.
  return (leaf.subjectAltName ?? '')
    .split(', ')
    .flatMap((entry) => /^DNS:([a-z0-9_](?:[a-z0-9_.-]{0,252}))$/i.exec(entry)?.[1] ?? []);
}
