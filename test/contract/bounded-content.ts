import { createHash } from 'node:crypto';

/** The only right content of `key`: its size and every byte follow from the key. */
export function contentFor(key: string): Buffer {
  const digest = createHash('sha256').update(key).digest();
  const sizeBytes = 1000 + (digest.readUInt32LE(0) % 600_000);
  return Buffer.alloc(sizeBytes, digest);
}
