import { ZipFlaw } from './zip-flaw.ts';
import type { ZipSource } from './zip-source.ts';

const END_LENGTH = 22;
const END_SIGNATURE = Buffer.from('PK\x05\x06', 'latin1');
const END64_LENGTH = 56;
const END64_SIGNATURE = 0x06064b50;
const LOCATOR64_LENGTH = 20;
const LOCATOR64_SIGNATURE = 0x07064b50;
const MAX_INT64 = 2n ** 63n - 1n;

/** Where a zip says that its directory is. */
export type ZipEnd = {
  /** Number of entries as written, in whole numbers modulo 65536. */
  readonly records: bigint;
  /** Position of the directory as written, to which `baseOffset` must be added. */
  readonly directoryOffset: bigint;
  /** What stands before the archive, by its own account; may be negative in a damaged one. */
  readonly baseOffset: bigint;
  /** Whether the file has exactly the length that its end tells: nothing missing, nothing added. */
  readonly wholeLength: boolean;
};

type Fields = { records: bigint; size: bigint; offset: bigint; endPosition: bigint };

/**
 * Finds the end-of-directory record as Go does (archive/zip.readDirectoryEnd), its leniencies and
 * oddities included, because what counts is what the go command will read. All of it is hostile.
 * Throws ZipFlaw.
 */
export function readZipEnd(source: ZipSource): ZipEnd {
  const { block, position } = findEnd(source);
  let fields: Fields = {
    records: BigInt(block.readUInt16LE(10)),
    size: BigInt(block.readUInt32LE(12)),
    offset: BigInt(block.readUInt32LE(16)),
    endPosition: BigInt(position),
  };
  // 0xffff for the size is no slip here: it is what Go compares with.
  if (fields.records === 0xffffn || fields.size === 0xffffn || fields.offset === 0xffffffffn) {
    fields = readEnd64(source, position) ?? fields;
  }
  const { records, size, offset, endPosition } = fields;
  if (size > MAX_INT64 || offset > MAX_INT64) throw new ZipFlaw('cut', 'its directory is out of bounds');
  const start = endPosition - size;
  if (start < 0n || start >= BigInt(source.sizeBytes))
    throw new ZipFlaw('cut', 'its directory is out of bounds');
  const endsWithFile = position + END_LENGTH + block.readUInt16LE(20) === source.sizeBytes;
  const baseOffset = start - offset;
  return { records, directoryOffset: offset, baseOffset, wholeLength: endsWithFile && baseOffset === 0n };
}

/** Looks in the last 1 KiB, then in the last 65 KiB. */
function findEnd(source: ZipSource): { block: Buffer; position: number } {
  for (const reach of [1024, 65 * 1024]) {
    const length = Math.min(reach, source.sizeBytes);
    const block = source.read(source.sizeBytes - length, length);
    const at = signatureIn(block);
    if (at !== undefined) return { block: block.subarray(at), position: source.sizeBytes - length + at };
    if (length === source.sizeBytes) break;
  }
  if (endsInDamagedRecord(source)) throw new ZipFlaw('corrupt', 'its end record is damaged');
  throw new ZipFlaw('cut', 'it has no end record: cut short, or not a zip');
}

/** Whether the last 22 bytes are an end record that fits but for the length of its comment. */
function endsInDamagedRecord(source: ZipSource): boolean {
  const at = source.sizeBytes - END_LENGTH;
  if (at < 0) return false;
  const record = source.read(at, END_LENGTH);
  if (!record.subarray(0, END_SIGNATURE.length).equals(END_SIGNATURE)) return false;
  return record.readUInt32LE(12) + record.readUInt32LE(16) === at;
}

/** archive/zip.findSignatureInBlock: the last signature counts, also where its comment does not fit. */
function signatureIn(block: Buffer): number | undefined {
  if (block.length < END_LENGTH) return undefined;
  const at = block.lastIndexOf(END_SIGNATURE, block.length - END_LENGTH);
  if (at < 0) return undefined;
  const commentLength = block.readUInt16LE(at + END_LENGTH - 2);
  return at + END_LENGTH + commentLength > block.length ? undefined : at;
}

/** The 64-bit record, if a locator stands before the end record (findDirectory64End, readDirectory64End). */
function readEnd64(source: ZipSource, endPosition: number): Fields | undefined {
  const at = endPosition - LOCATOR64_LENGTH;
  if (at < 0) return undefined;
  const locator = source.read(at, LOCATOR64_LENGTH);
  if (locator.readUInt32LE(0) !== LOCATOR64_SIGNATURE) return undefined;
  if (locator.readUInt32LE(4) !== 0 || locator.readUInt32LE(16) !== 1) return undefined;
  const position = locator.readBigUInt64LE(8);
  if (position > MAX_INT64) return undefined;
  const record =
    position < BigInt(source.sizeBytes) ? source.read(Number(position), END64_LENGTH) : Buffer.alloc(0);
  if (record.length < END64_LENGTH || record.readUInt32LE(0) !== END64_SIGNATURE) {
    throw new ZipFlaw('cut', 'its 64-bit end record is missing');
  }
  return {
    records: record.readBigUInt64LE(32),
    size: record.readBigUInt64LE(40),
    offset: record.readBigUInt64LE(48),
    endPosition: position,
  };
}
