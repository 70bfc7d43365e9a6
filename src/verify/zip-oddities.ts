import type { ZipEntry } from './zip-directory.ts';
import { printable } from './zip-entry-hash.ts';

const MAX_TEXT_FILE_BYTES = 16 * 1024 * 1024;
/** More than any file system takes; bounds the work on one name, */
const MAX_NAME_LENGTH = 1024;
/** and the number of its parents. */
const MAX_DEPTH = 100;
/** Bounds the memory for names and their parents, in bytes or so: 400,000 of usual length. */
const MAX_KNOWN_BYTES = 64 * 1024 * 1024;
/** What the entry of a map takes beside its key. */
const KNOWN_OVERHEAD_BYTES = 64;
/** Enough to see what is the matter. */
const MAX_ODDITIES = 20;
/** module.fileNameOK */
const FILE_NAME = /^[\p{L}0-9!#$%&()+,\-.=@[\]^_{}~ ]+$/u;
const WINDOWS_RESERVED = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)/i;

/**
 * What `go` would dislike when it unpacks the zip (golang.org/x/mod/zip.checkZip): names that some
 * file system cannot hold, names that are equal after case folding, a misplaced or oversized go.mod. It never makes
 * a zip wrong whose h1 is right; where no hash is known it is not kept. Names must begin with `prefix`; others are passed over.
 * Hostile: memory and time are bounded, and what goes beyond the bounds is an oddity itself.
 */
export function zipOddities(entries: readonly ZipEntry[], prefix: string): string[] {
  const oddities: string[] = [];
  const known: KnownPaths = { paths: new Map(), bytes: 0 };
  for (const entry of entries) {
    if (oddities.length >= MAX_ODDITIES) break;
    if (known.bytes > MAX_KNOWN_BYTES) {
      oddities.push('it has too many names to compare them all');
      break;
    }
    const whole = entry.name.toString('utf8');
    if (!whole.startsWith(prefix) || whole === prefix) continue;
    const isFolder = whole.endsWith('/');
    const name = whole.slice(prefix.length, isFolder ? -1 : undefined);
    const oddity =
      nameOddity(name) ??
      collision(known, name, isFolder) ??
      (isFolder ? undefined : fileOddity(name, entry));
    if (oddity !== undefined) oddities.push(`${printable(entry.name)} ${oddity}`);
  }
  return oddities;
}

type KnownPaths = { readonly paths: Map<string, { path: string; isFolder: boolean }>; bytes: number };

/** module.CheckFilePath and path.Clean. */
function nameOddity(name: string): string | undefined {
  if (name.length > MAX_NAME_LENGTH) return 'is too long';
  const elements = name.split('/');
  if (elements.length > MAX_DEPTH) return 'is nested too deep';
  for (const element of elements) {
    if (/^\.*$/.test(element)) return 'is not a clean path';
    if (element.endsWith('.')) return 'has an element that ends in a dot';
    if (!FILE_NAME.test(element)) return 'has a character that not every file system takes';
    if (WINDOWS_RESERVED.test(element)) return 'has a name that Windows reserves';
  }
  return undefined;
}

/** zip.collisionChecker */
function collision(known: KnownPaths, name: string, isFolder: boolean): string | undefined {
  for (let path = name, folder = isFolder; path !== ''; folder = true) {
    const folded = foldOf(path);
    const other = known.paths.get(folded);
    if (other === undefined) {
      known.paths.set(folded, { path, isFolder: folder });
      known.bytes += folded.length + KNOWN_OVERHEAD_BYTES;
    } else if (other.path !== path) return 'differs from another name in case only';
    else if (other.isFolder !== folder) return 'is both a file and a folder';
    // The parents of a known folder have been seen with it.
    else return folder ? undefined : 'occurs twice';
    path = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  }
  return undefined;
}

/** zip.strToFold: Go's simple folding is that of single characters, which never become two, and leaves the Turkish ı alone. */
function foldOf(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase();
  return Array.from(text, (character) => {
    if (character === 'ı') return character;
    const upper = single(character.toUpperCase()) ?? character;
    return single(upper.toLowerCase()) ?? upper;
  }).join('');
}

function single(text: string): string | undefined {
  return Array.from(text).length === 1 ? text : undefined;
}

function fileOddity(name: string, entry: ZipEntry): string | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (base.toLowerCase() === 'go.mod' && name !== 'go.mod') {
    return base === name ? 'must be called go.mod' : 'is a go.mod outside the root';
  }
  const limited = name === 'go.mod' || name === 'LICENSE';
  return limited && entry.uncompressedBytes > MAX_TEXT_FILE_BYTES ? 'is larger than 16 MiB' : undefined;
}
