import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { RondoError } from '../errors/rondo-error.ts';
import { say } from '../words/text.ts';

/** One file inside a module zip. */
export type HashedFile = {
  /** Its whole name in the zip, `<module>@<version>/…`; bytes where it may not be UTF-8. */
  readonly name: string | Buffer;
  /** SHA-256 of its content, 64 lower-case hexadecimal digits. */
  readonly sha256Hex: string;
};

const NEWLINE = 0x0a;

/**
 * The `h1:` hash of a set of files: SHA-256 over one line a file, `<sha256>  <name>`, sorted by the bytes of
 * the names (dirhash.Hash1). Throws RondoError E_BAD_CONTENT for a name with a newline.
 */
export function hashLines(files: readonly HashedFile[]): string {
  const lines = files.map(({ name, sha256Hex }) => {
    assert.match(sha256Hex, /^[0-9a-f]{64}$/);
    const bytes = typeof name === 'string' ? Buffer.from(name) : name;
    if (bytes.includes(NEWLINE)) throw new RondoError('E_BAD_CONTENT', say('a file name has a newline'));
    return { bytes, sha256Hex };
  });
  lines.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const sum = createHash('sha256');
  for (const { bytes, sha256Hex } of lines) sum.update(`${sha256Hex}  `).update(bytes).update('\n');
  return `h1:${sum.digest('base64')}`;
}

/** The `h1:` hash of a go.mod file: that of one file which is always called `go.mod` (modfetch.goModSum). */
export function hashMod(bytes: Uint8Array): string {
  return hashLines([{ name: 'go.mod', sha256Hex: createHash('sha256').update(bytes).digest('hex') }]);
}

/**
 * The same for an `.info`, under the name `.info`: the checksum database knows nothing of it, so this only shows
 * whether it is still the one that was kept.
 */
export function hashInfo(bytes: Uint8Array): string {
  return hashLines([{ name: '.info', sha256Hex: createHash('sha256').update(bytes).digest('hex') }]);
}
