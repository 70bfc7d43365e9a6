import { createCipheriv, createHash } from 'node:crypto';

/** Stems of versions, `<module>/@v/<version>`, that no writer ever removes. */
export const KEPT: readonly string[] = range(8).map((n) => `example.com/m/@v/v1.0.${n}`);

/** Stems of versions that come and go. */
export const CHANGING: readonly string[] = range(4).map((n) => `example.com/m/@v/v1.1.${n}`);

/** The folder of the modules that a check removes, so that the next writer makes folders again. */
export const NEW_MODULES = 'example.com/new';

/** Stems of versions of modules of their own. */
export const NEW: readonly string[] = range(20).map((n) => `${NEW_MODULES}/n${n}/deep/@v/v1.0.${n}`);

/** The record that writers swap; its number only grows. */
export const HEAD = 'head';

const KEY = /^example\.com\/(?:m|new\/n\d+\/deep)\/@v\/v\d+\.\d+\.\d+\.(info|mod|zip|ziphash)$/;

const SIZES: Readonly<Record<string, number>> = { info: 200, mod: 3000, zip: 150_000 };

const sums = new Map<string, string>();

/** Whether a writer would write such a key. */
export function isKey(key: string): boolean {
  return KEY.test(key);
}

/** The only right content of `key`. */
export function contentFor(key: string): Buffer {
  const kind = KEY.exec(key)?.[1] ?? '';
  if (kind === 'ziphash') return Buffer.from(`h1:${sumOf(key.slice(0, -'hash'.length))}`);
  const digest = createHash('sha256').update(key).digest();
  const sizeBytes = 100 + (digest.readUInt32LE(0) % (SIZES[kind] ?? 0));
  return createCipheriv('aes-256-ctr', digest, Buffer.alloc(16)).update(Buffer.alloc(sizeBytes));
}

/** SHA-256 of the only right content of `key`, in base64. */
export function sumOf(key: string): string {
  const known = sums.get(key) ?? createHash('sha256').update(contentFor(key)).digest('base64');
  sums.set(key, known);
  return known;
}

/** The only right record of `key`; large ones need more than one write. */
export function recordFor(key: string): { key: string; sum: string; padding: string } {
  return { key, sum: sumOf(key), padding: 'x'.repeat(key.length * 200) };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
