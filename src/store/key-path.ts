import { join } from 'node:path';
import { RondoError } from '../errors/rondo-error.ts';
import { say, type Text } from '../words/text.ts';

/** The longest key or record name, in UTF-16 units. Go's own names stay far below. */
const MAX_KEY_LENGTH = 4096;

/** Windows reads `name:stream` and a reserved device name as something else than a file of that name. */
const WINDOWS_TROUBLE = /:|(^|\/)(con|prn|aux|nul|com\d|lpt\d)(\.[^/]*)?(\/|$)/i;

/**
 * Asserts that a key (or record name) is a clean relative path: the last line of defence before the
 * disk. Names are validated where they are parsed (gomod); a bad one here is a bug of Rondo, so this
 * throws RondoError E_BUG.
 */
export function assertKey(key: string): void {
  const flaw = flawOf(key);
  if (flaw !== undefined) throw new RondoError('E_BUG', flaw);
}

/** Whether a name that stands in a folder, which may be anybody's, is one that a key may have on this platform. */
export function mayBeKey(name: string, platform: NodeJS.Platform): boolean {
  return flawOf(name) === undefined && !(platform === 'win32' && WINDOWS_TROUBLE.test(name));
}

function flawOf(key: string): Text | undefined {
  const shown = { key: JSON.stringify(key.slice(0, 200)) };
  if (key.length === 0) return say('a store key is empty: {key}', shown);
  if (key.length > MAX_KEY_LENGTH) return say('a store key is too long: {key}', shown);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(key))
    return say('a store key has a control character or backslash: {key}', shown);
  for (const element of key.split('/')) {
    if (element === '') return say('a store key has an empty element or is absolute: {key}', shown);
    if (element === '.' || element === '..') return say('a store key has a dot element: {key}', shown);
  }
  return undefined;
}

/**
 * The path of `key` below the folder `root`. Throws RondoError E_BUG for a key that could leave `root`,
 * and E_STORE for one that this platform's file system cannot name.
 */
export function keyPath(root: string, key: string, platform: NodeJS.Platform = process.platform): string {
  assertKey(key);
  if (platform === 'win32' && WINDOWS_TROUBLE.test(key)) {
    throw new RondoError(
      'E_STORE',
      say('this file system cannot hold a file named {stringify}', { stringify: JSON.stringify(key) }),
    );
  }
  return join(root, ...key.split('/'));
}
