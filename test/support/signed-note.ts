import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';

/** DER of a PKCS #8 Ed25519 private key up to its 32 bytes of seed (RFC 8410, section 7). */
const PKCS8_ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
/** Go's number for Ed25519 in front of a key (`note.algEd25519`). */
const ALGORITHM_ED25519 = 1;

/** A test key that signs notes as golang.org/x/mod/sumdb/note does. Never used outside tests. */
export type NoteSigner = {
  readonly name: string;
  /** `<name>+<hash>+<base64>`: what GOSUMDB takes. */
  readonly verifierKey: string;
  /** `text` (which ends with a newline) with an empty line and the signature line behind it. */
  sign(text: string): string;
};

/** The signer of `name` whose key is made from `seed`: the same seed always gives the same key. */
export function noteSigner(name: string, seed: string): NoteSigner {
  const secret = createHash('sha256').update(seed).digest();
  const der = Buffer.concat([PKCS8_ED25519_PREFIX, secret]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = Buffer.concat([Buffer.from([ALGORITHM_ED25519]), rawPublicKey(privateKey)]);
  const keyHash = createHash('sha256').update(`${name}\n`).update(publicKey).digest().subarray(0, 4);
  return {
    name,
    verifierKey: `${name}+${keyHash.toString('hex')}+${publicKey.toString('base64')}`,
    sign(text) {
      const signature = sign(null, Buffer.from(text), privateKey);
      return `${text}\n\u2014 ${name} ${Buffer.concat([keyHash, signature]).toString('base64')}\n`;
    },
  };
}

function rawPublicKey(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
}
