import { ZipFlaw } from './zip-flaw.ts';
import { readZipEnd, type ZipEnd } from './zip-end.ts';
import type { ZipSource } from './zip-source.ts';

/** One entry as the central directory describes it. All of it is hostile. */
export type ZipEntry = {
  /** Raw bytes: Go does not decode names. */
  readonly name: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  /** Position of the local header in the file; may lie outside of it. */
  readonly headerOffset: number;
};

/** The central directory of a zip. */
export type ZipDirectory = {
  readonly entries: readonly ZipEntry[];
  /** See ZipEnd. */
  readonly wholeLength: boolean;
};

const HEADER_LENGTH = 46;
const HEADER_SIGNATURE = 0x02014b50;
const ZIP64_EXTRA = 0x0001;
const NO_32_BITS = 0xffffffff;
/** Bounds of memory. A module of 500 MiB whose files have 1 KiB each would just pass. */
const MAX_ENTRIES = 512 * 1024;
const MAX_DIRECTORY_BYTES = 64 * 1024 * 1024;
const WINDOW_BYTES = 256 * 1024;

/**
 * Reads the central directory as Go's archive/zip.Reader.init does, byte by byte: the go command must
 * never see other names or contents in a zip than the ones that were hashed here. General zip libraries
 * differ from it (when the 64-bit end record counts, entries beyond the count, data before the archive,
 * damaged extra fields), and a hostile mirror could choose a zip that two readers read differently.
 * Throws ZipFlaw.
 */
export function readZipDirectory(source: ZipSource): ZipDirectory {
  const end = readZipEnd(source);
  const unreadable = (): ZipFlaw =>
    new ZipFlaw(end.wholeLength ? 'corrupt' : 'cut', 'its directory cannot be read');
  const baseOffset = effectiveBase(source, end);
  const start = Number(baseOffset + end.directoryOffset);
  const cursor = createCursor(source, start);
  const entries: ZipEntry[] = [];
  for (;;) {
    const entry = readHeader(cursor, baseOffset);
    if (entry === 'end-of-file') throw unreadable();
    if (entry === 'no-header') break;
    entries.push(entry);
    if (entries.length > MAX_ENTRIES || cursor.position() - start > MAX_DIRECTORY_BYTES) {
      throw new ZipFlaw('too-large', `it has more than ${MAX_ENTRIES} entries, or their names are too long`);
    }
  }
  // The count is only right modulo 65536 in old zips, and Go compares no more of it.
  if (BigInt(entries.length % 0x10000) !== end.records % 0x10000n) throw unreadable();
  return { entries, wholeLength: end.wholeLength };
}

/** Go takes 0 for the base where a header stands at the written position after all. */
function effectiveBase(source: ZipSource, end: ZipEnd): bigint {
  if (end.baseOffset <= 0n) return end.baseOffset;
  const first = readHeader(createCursor(source, Number(end.directoryOffset)), 0n);
  return typeof first === 'object' ? 0n : end.baseOffset;
}

/** io.ReadFull: all bytes, or whether there were none at all (io.EOF) or too few (io.ErrUnexpectedEOF). */
type Cursor = { take(length: number): Buffer | 'none' | 'too-few'; position(): number };

function createCursor(source: ZipSource, start: number): Cursor {
  let position = start;
  let window: Buffer = Buffer.alloc(0);
  let windowStart = start;
  return {
    position: () => position,
    take(length) {
      if (position + length > windowStart + window.length) {
        window = source.read(position, Math.max(length, WINDOW_BYTES));
        windowStart = position;
      }
      const bytes = window.subarray(position - windowStart, position - windowStart + length);
      if (bytes.length < length) return bytes.length === 0 ? 'none' : 'too-few';
      position += length;
      return bytes;
    },
  };
}

/** archive/zip.readDirectoryHeader: an entry, the end of the directory, or the end of the file. */
function readHeader(cursor: Cursor, baseOffset: bigint): ZipEntry | 'no-header' | 'end-of-file' {
  const header = cursor.take(HEADER_LENGTH);
  if (header === 'none') return 'end-of-file';
  if (header === 'too-few' || header.readUInt32LE(0) !== HEADER_SIGNATURE) return 'no-header';
  const nameLength = header.readUInt16LE(28);
  const extraLength = header.readUInt16LE(30);
  const rest = cursor.take(nameLength + extraLength + header.readUInt16LE(32));
  if (rest === 'none') return 'end-of-file';
  if (rest === 'too-few') return 'no-header';
  const wide = widen(
    header.readUInt32LE(24),
    header.readUInt32LE(20),
    header.readUInt32LE(42),
    rest.subarray(nameLength, nameLength + extraLength),
  );
  if (wide === undefined) return 'no-header';
  return {
    name: rest.subarray(0, nameLength),
    flags: header.readUInt16LE(8),
    method: header.readUInt16LE(10),
    crc32: header.readUInt32LE(16),
    compressedBytes: Number(wide.compressed),
    uncompressedBytes: Number(wide.uncompressed),
    headerOffset: Number(BigInt.asIntN(64, wide.offset + baseOffset)),
  };
}

type Wide = { uncompressed: bigint; compressed: bigint; offset: bigint };

/** Takes what did not fit into 32 bits from the extra fields; `undefined` where Go says ErrFormat. */
function widen(uncompressed: number, compressed: number, offset: number, extra: Buffer): Wide | undefined {
  const wide: Wide = {
    uncompressed: BigInt(uncompressed),
    compressed: BigInt(compressed),
    offset: BigInt(offset),
  };
  const needed = new Set<keyof Wide>();
  if (uncompressed === NO_32_BITS) needed.add('uncompressed');
  if (compressed === NO_32_BITS) needed.add('compressed');
  if (offset === NO_32_BITS) needed.add('offset');
  for (let at = 0; needed.size > 0 && at + 4 <= extra.length;) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) break;
    if (extra.readUInt16LE(at) === ZIP64_EXTRA) {
      let value = at + 4;
      for (const field of needed) {
        if (value + 8 > end) return undefined;
        wide[field] = extra.readBigUInt64LE(value);
        value += 8;
      }
      needed.clear();
    }
    at = end;
  }
  // A size of exactly 2^32-1 may be meant as such (as Go has it, for 42.zip); the others may not.
  return needed.has('compressed') || needed.has('offset') ? undefined : wide;
}
