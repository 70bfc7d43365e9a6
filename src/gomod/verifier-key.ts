import { createHash } from 'node:crypto';
import { RondoError } from '../errors/rondo-error.ts';
import { quoted } from './quoted.ts';
import { say } from '../words/text.ts';

/** The public key of whoever signs a checksum database's trees. */
export type VerifierKey = {
  /** Of the database. */
  readonly name: string;
  /** The first four bytes of the key's hash: signatures name their key by it. */
  readonly hash: number;
  /** 32 bytes, Ed25519. */
  readonly publicKey: Buffer;
};

const ED25519 = 1;

/**
 * Reads `<name>+<hash>+<base64>`, all parts of which must agree (note.NewVerifier); of algorithms there is only
 * Ed25519. Keys come from GOSUMDB alone, so the messages name it. Throws RondoError E_CONFIG.
 */
export function parseVerifierKey(key: string): VerifierKey {
  const match = /^([^+]+)\+([0-9A-Fa-f]{8})\+([0-9A-Za-z+/]+={0,2})$/.exec(key);
  if (match === null) {
    throw new RondoError(
      'E_CONFIG',
      say('GOSUMDB is neither off, a known name nor a verifier key: {key}', { key: quoted(key) }),
    );
  }
  const [, name = '', hashText = '', base64 = ''] = match;
  const bytes = Buffer.from(base64, 'base64');
  const hash = Number.parseInt(hashText, 16);
  const digest = createHash('sha256').update(`${name}\n`).update(bytes).digest();
  if (digest.readUInt32BE(0) !== hash) {
    throw new RondoError(
      'E_CONFIG',
      say('GOSUMDB has a verifier key whose hash does not fit: {key}', { key: quoted(key) }),
    );
  }
  if (bytes[0] !== ED25519 || bytes.length !== 33 || base64.length !== 44) {
    throw new RondoError(
      'E_CONFIG',
      say('GOSUMDB has a verifier key that is not Ed25519: {key}', { key: quoted(key) }),
    );
  }
  return { name, hash, publicKey: bytes.subarray(1) };
}
