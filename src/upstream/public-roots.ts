import { X509Certificate } from 'node:crypto';
import { getCACertificates } from 'node:tls';

/** SHA-256 of the roots that Node carries, which are Mozilla's: those that everybody trusts. Some milliseconds' work. */
export function publicRoots(): ReadonlySet<string> {
  return new Set(getCACertificates('bundled').map((pem) => new X509Certificate(pem).fingerprint256));
}
