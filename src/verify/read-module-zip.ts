import { hashLines } from '../gomod/h1.ts';
import { type ZipEntry, readZipDirectory } from './zip-directory.ts';
import { hashEntry, printable } from './zip-entry-hash.ts';
import { ZipFlaw } from './zip-flaw.ts';
import { zipOddities } from './zip-oddities.ts';
import type { ZipSource } from './zip-source.ts';

/** What a module zip is. */
export type ModuleZipReport =
  | {
      readonly kind: 'hashed';
      /** dirhash.HashZip */
      readonly h1: string;
      /** Whether the file has exactly the length that its end tells. If not, bytes may be missing or added. */
      readonly wholeLength: boolean;
      /** What makes it far larger than its entries are when unpacked: an h1 says nothing of such bytes. */
      readonly padding?: string;
      /** The first entry outside `<module>@<version>/`, quoted for print. */
      readonly foreign?: string;
      /** What `go` may dislike when it unpacks (zip-oddities.ts), for people. Empty where the h1 is the expected one. */
      readonly oddities: readonly string[];
    }
  /** It could not be hashed; see ZipFlaw. */
  | { readonly kind: ZipFlaw['kind']; readonly why: string };

/** The largest zip, packed and unpacked (zip.MaxZipFile). */
export const MAX_ZIP_BYTES: number = 500 * 1024 * 1024;

/** What a zip may have beside the unpacked content: its headers, a name in two of them, what packing may add. */
const ROOM = { bytes: 1024 * 1024, entryBytes: 512 } as const;

const NEWLINE = 0x0a;

/**
 * Reads a module zip to the last byte and hashes it as `dirhash.HashZip` does: every entry of the central
 * directory, folders and repeated names included; of a repeated name the last content counts for all.
 * A zip without entries (22 bytes) is legal. Everything about it is hostile: memory is bounded, and so is
 * time, by 500 MiB of packed and of unpacked data.
 *
 * `expectedH1` is what the checksum database has, where that is known: a zip that has it is right, and nobody
 * looks for oddities.
 * Throws only the system's errors of reading.
 */
export async function readModuleZip(
  source: ZipSource,
  module: string,
  version: string,
  expectedH1?: string,
): Promise<ModuleZipReport> {
  try {
    if (source.sizeBytes > MAX_ZIP_BYTES) throw new ZipFlaw('too-large', 'it is larger than 500 MiB');
    const { entries, wholeLength } = readZipDirectory(source);
    checkTotals(entries);
    const prefix = `${module}@${version}/`;
    const foreign = entries.find(({ name }) => !name.subarray(0, prefix.length).equals(Buffer.from(prefix)));
    const h1 = await hashEntries(source, entries, wholeLength);
    const padding = paddingOf(source.sizeBytes, entries);
    return {
      kind: 'hashed',
      h1,
      wholeLength,
      ...(padding === undefined ? {} : { padding }),
      ...(foreign === undefined ? {} : { foreign: printable(foreign.name) }),
      oddities: h1 === expectedH1 ? [] : zipOddities(entries, prefix),
    };
  } catch (error) {
    if (error instanceof ZipFlaw) return { kind: error.kind, why: error.message };
    throw error;
  }
}

/**
 * Before anything is inflated: entries may overlap, so that a small file could promise endless work.
 * Throws ZipFlaw `too-large`.
 */
export function checkTotals(entries: readonly ZipEntry[]): void {
  let compressed = 0;
  let uncompressed = 0;
  for (const entry of entries) {
    compressed += entry.compressedBytes;
    uncompressed += entry.uncompressedBytes;
  }
  if (uncompressed > MAX_ZIP_BYTES) throw new ZipFlaw('too-large', 'it unpacks to more than 500 MiB');
  if (compressed > MAX_ZIP_BYTES) throw new ZipFlaw('too-large', 'its entries hold more than 500 MiB');
}

/**
 * Before the archive, in packed data, in headers and in comments there may be any number of bytes without another h1. What
 * is kept of them takes the place of other files in the copy.
 */
function paddingOf(sizeBytes: number, entries: readonly ZipEntry[]): string | undefined {
  const needed = entries.reduce(
    (sum, { name, uncompressedBytes }) => sum + uncompressedBytes + 2 * name.length + ROOM.entryBytes,
    ROOM.bytes,
  );
  return sizeBytes > needed
    ? `it has ${sizeBytes} bytes where ${needed} are room enough for its entries`
    : undefined;
}

async function hashEntries(
  source: ZipSource,
  entries: readonly ZipEntry[],
  wholeLength: boolean,
): Promise<string> {
  const lastOf = new Map<string, ZipEntry>();
  // latin1 keeps distinct bytes distinct.
  for (const entry of entries) {
    if (entry.name.includes(NEWLINE)) throw new ZipFlaw('corrupt', 'the name of an entry has a newline');
    lastOf.set(entry.name.toString('latin1'), entry);
  }
  const sums = new Map<string, string>();
  try {
    for (const [name, entry] of lastOf) sums.set(name, await hashEntry(source, entry));
    return hashLines(
      entries.map(({ name }) => ({ name, sha256Hex: sums.get(name.toString('latin1')) ?? '' })),
    );
  } catch (error) {
    // A damaged entry in a file of the wrong length is a broken transfer.
    if (error instanceof ZipFlaw && error.kind === 'corrupt' && !wholeLength) {
      throw new ZipFlaw('cut', error.message);
    }
    throw error;
  }
}
