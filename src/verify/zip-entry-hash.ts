import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import type { ZipEntry } from './zip-directory.ts';
import { ZipFlaw } from './zip-flaw.ts';
import type { ZipSource } from './zip-source.ts';

const LOCAL_HEADER_LENGTH = 30;
const LOCAL_HEADER_SIGNATURE = 0x04034b50;
const DESCRIPTOR_SIGNATURE = 0x08074b50;
const HAS_DESCRIPTOR = 0x8;
const STORED = 0;
const DEFLATED = 8;
const SLASH = 0x2f;
/** Entries up to this size, packed and unpacked, are inflated in one call. */
const SMALL_BYTES = 4 * 1024 * 1024;
const READ_BYTES = 256 * 1024;

/**
 * SHA-256 of an entry's content in hexadecimal, read as Go reads it (archive/zip.File.Open and its
 * checksumReader): the local header gives only the position, the sizes and the CRC are the directory's
 * and must be right. Memory is bounded whatever the entry says; time is bounded by the two sizes, whose
 * sums the caller has checked. `onPiece` is given the very bytes that are hashed, each piece valid until it returns.
 * Throws ZipFlaw `corrupt`; what `onPiece` throws must be a system's error.
 */
export async function hashEntry(
  source: ZipSource,
  entry: ZipEntry,
  onPiece?: (piece: Buffer) => void,
): Promise<string> {
  const start = bodyOffset(source, entry);
  if (entry.name.at(-1) === SLASH) {
    if (entry.uncompressedBytes !== 0) throw corrupt(entry, 'is a folder with content');
    return createHash('sha256').digest('hex');
  }
  const content = createContentCheck(entry, onPiece);
  if (entry.method === STORED) readStored(source, start, entry, content);
  else if (entry.method === DEFLATED) await inflate(source, start, entry, content);
  else throw corrupt(entry, `has the unknown compression method ${entry.method}`);
  checkDescriptor(source, start + entry.compressedBytes, entry);
  return content.finish();
}

/** archive/zip.File.findBodyOffset. */
function bodyOffset(source: ZipSource, entry: ZipEntry): number {
  const at = entry.headerOffset;
  const outside = at < 0 || at >= source.sizeBytes;
  const header = outside ? Buffer.alloc(0) : source.read(at, LOCAL_HEADER_LENGTH);
  if (header.length < LOCAL_HEADER_LENGTH || header.readUInt32LE(0) !== LOCAL_HEADER_SIGNATURE) {
    throw corrupt(entry, 'has no local header');
  }
  return at + LOCAL_HEADER_LENGTH + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** Takes the content piece by piece and refuses it once it is longer than announced. */
type ContentCheck = { take(piece: Buffer): void; finish(): string };

function createContentCheck(entry: ZipEntry, onPiece?: (piece: Buffer) => void): ContentCheck {
  const hash: Hash = createHash('sha256');
  let count = 0;
  let sum = 0;
  return {
    take(piece) {
      count += piece.length;
      if (count > entry.uncompressedBytes) throw corrupt(entry, 'is longer than it says');
      hash.update(piece);
      sum = crc32(piece, sum);
      onPiece?.(piece);
    },
    finish() {
      if (count < entry.uncompressedBytes) throw corrupt(entry, 'is shorter than it says');
      // Without a descriptor Go takes 0 for "not set".
      const unset = entry.crc32 === 0 && (entry.flags & HAS_DESCRIPTOR) === 0;
      if (!unset && sum !== entry.crc32) throw corrupt(entry, 'has a wrong CRC');
      return hash.digest('hex');
    },
  };
}

function readStored(source: ZipSource, start: number, entry: ZipEntry, content: ContentCheck): void {
  for (const piece of pieces(source, 'borrow', start, entry.compressedBytes)) content.take(piece);
}

async function inflate(
  source: ZipSource,
  start: number,
  entry: ZipEntry,
  content: ContentCheck,
): Promise<void> {
  const { compressedBytes, uncompressedBytes } = entry;
  try {
    if (compressedBytes <= SMALL_BYTES && uncompressedBytes <= SMALL_BYTES) {
      const packed = source.borrow(start, compressedBytes);
      // One byte more than announced, so that one pass sees the end or the excess.
      const room = uncompressedBytes + 1;
      content.take(inflateRawSync(packed, { chunkSize: Math.max(64, room), maxOutputLength: room }));
      return;
    }
    await inflateLarge(source, start, entry, content);
  } catch (error) {
    // What zlib throws names no system call; what reading the file throws does.
    if (error instanceof ZipFlaw || (error instanceof Error && 'syscall' in error)) throw error;
    throw corrupt(entry, 'cannot be inflated');
  }
}

async function inflateLarge(
  source: ZipSource,
  start: number,
  entry: ZipEntry,
  content: ContentCheck,
): Promise<void> {
  const input = Readable.from(pieces(source, 'read', start, entry.compressedBytes), { objectMode: false });
  const output = createInflateRaw({ chunkSize: READ_BYTES });
  input.on('error', (error) => output.destroy(error));
  input.pipe(output);
  try {
    for await (const piece of output as AsyncIterable<Buffer>) content.take(piece);
  } finally {
    // What follows the end of the deflated data is nobody's, as for Go.
    input.destroy();
    output.destroy();
  }
}

function* pieces(
  source: ZipSource,
  how: 'read' | 'borrow',
  start: number,
  length: number,
): Generator<Buffer> {
  for (let done = 0; done < length;) {
    const piece = source[how](start + done, Math.min(READ_BYTES, length - done));
    if (piece.length === 0) return;
    done += piece.length;
    yield piece;
  }
}

/** archive/zip.readDataDescriptor: only its CRC counts, and its signature may be missing. */
function checkDescriptor(source: ZipSource, at: number, entry: ZipEntry): void {
  if ((entry.flags & HAS_DESCRIPTOR) === 0) return;
  const bytes = at < source.sizeBytes ? source.read(at, 16) : Buffer.alloc(0);
  const skip = bytes.length >= 4 && bytes.readUInt32LE(0) === DESCRIPTOR_SIGNATURE ? 4 : 0;
  if (bytes.length < skip + 12) throw corrupt(entry, 'has no data descriptor');
  if (bytes.readUInt32LE(skip) !== entry.crc32)
    throw corrupt(entry, 'has a data descriptor with another CRC');
}

function corrupt(entry: ZipEntry, what: string): ZipFlaw {
  return new ZipFlaw('corrupt', `the entry ${printable(entry.name)} ${what}`);
}

/** A name from a zip, safe to print, in quotes, at most 80 characters. Hostile. */
export function printable(name: Buffer): string {
  const text = name
    .subarray(0, 240)
    .toString('utf8')
    .replace(/[^\x20-\x7e]|["\\]/g, '?');
  return `"${text.length > 78 ? `${text.slice(0, 75)}...` : text}"`;
}
