import { isUtf8 } from 'node:buffer';
import { createPublicKey, verify } from 'node:crypto';
import type { VerifierKey } from './verifier-key.ts';

/** A text that somebody has signed, and who. */
export type SignedNote = {
  /** Ends with a newline. */
  readonly text: string;
  /** Keys whose signature was checked and is right; at least one. */
  readonly signers: readonly Pick<VerifierKey, 'name' | 'hash'>[];
  /**
   * The whole note with their signatures and no others, always spelt the same. What stood behind them anybody could
   * have written, as long as they liked: this is what may be kept and passed on.
   */
  readonly message: string;
};

/** What opening a note found. */
export type OpenedNote =
  | { readonly kind: 'signed'; readonly note: SignedNote }
  /** No note at all. */
  | { readonly kind: 'malformed' }
  /** A note of which no known key has signed anything. */
  | { readonly kind: 'unknown-signer' }
  /** It bears the name of a known key that has not signed it: forged or damaged. */
  | { readonly kind: 'wrong-signature'; readonly signer: string };

/** A signed tree has 200 bytes. Go knows no limit of the whole, but one of the signatures. */
const MAX_NOTE_BYTES = 1_000_000;
const MAX_SIGNATURES = 100;
/** DER of an Ed25519 public key up to its 32 bytes (RFC 8410, section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** unicode.IsSpace, and the + that separates the parts of a key: no name has them (note.isValidName). */
const NOT_IN_NAMES = /[\t-\r +\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const BASE64 = /^(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?$/;

/**
 * Opens a signed note: text, an empty line, signature lines `— <name> <base64>` (note.Open). Signatures of
 * keys that are not in `known` say nothing; one of a known key must be right; a key's second one is not
 * looked at. From a mirror: hostile. Never throws for what is in it.
 */
export function openNote(message: Uint8Array, known: readonly VerifierKey[]): OpenedNote {
  const parts = splitNote(message);
  if (parts === undefined) return { kind: 'malformed' };
  const signers: VerifierKey[] = [];
  const ownLines: string[] = [];
  for (const line of parts.signatureLines) {
    const signature = parseSignature(line);
    if (signature === undefined) return { kind: 'malformed' };
    const key = known.find(({ name, hash }) => name === signature.name && hash === signature.hash);
    if (key === undefined || signers.includes(key)) continue;
    if (!isSignedBy(key, parts.text, signature.bytes)) return { kind: 'wrong-signature', signer: key.name };
    signers.push(key);
    ownLines.push(formatSignature(signature));
  }
  if (signers.length === 0) return { kind: 'unknown-signer' };
  const text = parts.text.toString('utf8');
  return {
    kind: 'signed',
    note: {
      text,
      signers: signers.map(({ name, hash }) => ({ name, hash })),
      message: `${text}\n${ownLines.join('')}`,
    },
  };
}

function splitNote(message: Uint8Array): { text: Buffer; signatureLines: string[] } | undefined {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  if (bytes.length > MAX_NOTE_BYTES || !isUtf8(bytes)) return undefined;
  if (bytes.some((byte) => byte < 0x20 && byte !== 0x0a)) return undefined;
  const split = bytes.lastIndexOf('\n\n');
  if (split < 0) return undefined;
  const signatures = bytes.toString('utf8', split + 2);
  if (!signatures.endsWith('\n')) return undefined;
  const signatureLines = signatures.slice(0, -1).split('\n');
  if (signatureLines.length > MAX_SIGNATURES) return undefined;
  return { text: bytes.subarray(0, split + 1), signatureLines };
}

type Signature = { readonly name: string; readonly hash: number; readonly bytes: Buffer };

function formatSignature({ name, hash, bytes }: Signature): string {
  const hashBytes = Buffer.alloc(4);
  hashBytes.writeUInt32BE(hash);
  return `— ${name} ${Buffer.concat([hashBytes, bytes]).toString('base64')}\n`;
}

function parseSignature(line: string): Signature | undefined {
  if (!line.startsWith('— ')) return undefined;
  const [, name = '', base64 = ''] = /^([^ ]*)(?: (.*))?$/.exec(line.slice(2)) ?? [];
  if (name === '' || NOT_IN_NAMES.test(name) || !BASE64.test(base64)) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < 5) return undefined;
  return { name, hash: bytes.readUInt32BE(0), bytes: bytes.subarray(4) };
}

function isSignedBy({ publicKey }: VerifierKey, text: Buffer, signature: Buffer): boolean {
  // ed25519.Verify: a signature of another length is none.
  if (signature.length !== 64) return false;
  const key = createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, publicKey]),
    format: 'der',
    type: 'spki',
  });
  return verify(null, text, key, signature);
}
