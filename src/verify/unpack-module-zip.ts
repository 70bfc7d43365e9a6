import { hashLines, type HashedFile } from '../gomod/h1.ts';
import type { OpenSink } from '../kit/file-sink.ts';
import { checkTotals } from './read-module-zip.ts';
import { type ZipEntry, readZipDirectory } from './zip-directory.ts';
import { hashEntry, printable } from './zip-entry-hash.ts';
import { ZipFlaw } from './zip-flaw.ts';
import type { ZipSource } from './zip-source.ts';

const SLASH = 0x2f;

/**
 * Hands over every file of a module zip, read by the rules of `readModuleZip`, and resolves with the h1 of the very bytes
 * that were handed over: whoever has compared it knows what lies in the folder, whatever the zip was. Entries that no
 * published module has are refused.
 * @throws ZipFlaw; whatever `open` and its sinks throw
 */
export async function unpackModuleZip(
  source: ZipSource,
  module: string,
  version: string,
  open: OpenSink,
): Promise<string> {
  const { entries } = readZipDirectory(source);
  checkTotals(entries);
  const prefix = `${module}@${version}/`;
  checkNames(entries, prefix);
  const ofFiles = entries.filter((entry) => !isFolder(entry)).length;
  const hashed: HashedFile[] = [];
  for (const entry of entries) {
    const sha256Hex = isFolder(entry)
      ? await hashEntry(source, entry)
      : await handOver(entry, { prefix, ofFiles }, source, open);
    hashed.push({ name: entry.name, sha256Hex });
  }
  return hashLines(hashed);
}

async function handOver(
  entry: ZipEntry,
  { prefix, ofFiles }: { readonly prefix: string; readonly ofFiles: number },
  source: ZipSource,
  open: OpenSink,
): Promise<string> {
  const name = entry.name.toString('utf8').slice(prefix.length);
  const sink = await open({ name, sizeBytes: entry.uncompressedBytes, ofFiles });
  try {
    return await hashEntry(source, entry, (piece) => sink.take(piece));
  } finally {
    await sink.close();
  }
}

/** Its hash counts, and go unpacks it as little (modzip.Unzip). */
function isFolder({ name }: ZipEntry): boolean {
  return name.at(-1) === SLASH;
}

function checkNames(entries: readonly ZipEntry[], prefix: string): void {
  const seen = new Set<string>();
  for (const { name } of entries) {
    const text = name.toString('utf8');
    const refused = (why: string): ZipFlaw => new ZipFlaw('corrupt', `the entry ${printable(name)} ${why}`);
    if (!text.startsWith(prefix)) throw refused('is none of it');
    // Bytes that are no UTF-8 come out as others.
    if (!Buffer.from(text).equals(name) || !staysInside(text.slice(prefix.length).replace(/\/$/, '')))
      throw refused('has a name that no file may have');
    if (seen.has(text)) throw refused('is there twice');
    seen.add(text);
  }
}

/** Whether every system takes the name for a place below the folder. */
function staysInside(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- those are what is looked for
  if (/[\x00-\x1f\x7f\\:]/.test(name)) return false;
  return name.split('/').every((element) => element !== '' && element !== '.' && element !== '..');
}
