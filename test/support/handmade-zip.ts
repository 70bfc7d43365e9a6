import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a handmade zip; whatever is given replaces the right value. */
export type HandmadeEntry = {
  readonly name: string | Buffer;
  readonly data?: Buffer | string;
  /** 0 stored, 8 deflated (default). */
  readonly method?: number;
  /** Bytes to stand in the file instead of `data` packed by `method`. */
  readonly packed?: Buffer;
  readonly crc32?: number;
  readonly flags?: number;
  readonly compressedBytes?: number;
  readonly uncompressedBytes?: number;
  /** Position of the local header as the directory tells it. */
  readonly headerOffset?: number;
  /** Extra field of the directory. */
  readonly extra?: Buffer;
  /** Name in the local header, where it is another one. */
  readonly localName?: string;
  /** What follows the packed data: a data descriptor. */
  readonly descriptor?: Buffer;
};

/** Lies about the whole. */
export type HandmadeOptions = {
  /** Number of entries in the end record. */
  readonly records?: number;
  readonly directoryBytes?: number;
  readonly directoryOffset?: number;
  readonly comment?: Buffer;
  /** What stands before the archive, which does not know of it. */
  readonly before?: Buffer;
  /** What stands between the directory and the end record. */
  readonly beforeEnd?: (directoryOffset: number, directoryBytes: number) => Buffer;
  /** What stands after the end record. */
  readonly after?: Buffer;
};

/** Builds a zip byte by byte, so that tests can lie in any field of it (APPNOTE.TXT 4.3). */
export function handmadeZip(entries: readonly HandmadeEntry[], options: HandmadeOptions = {}): Buffer {
  const locals: Buffer[] = [];
  const headers: Buffer[] = [];
  let position = 0;
  for (const entry of entries) {
    const { local, header } = entryBytes(entry, position);
    locals.push(local);
    headers.push(header);
    position += local.length;
  }
  const directory = Buffer.concat(headers);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE((options.records ?? entries.length) % 0x10000, 8);
  end.writeUInt16LE((options.records ?? entries.length) % 0x10000, 10);
  end.writeUInt32LE(options.directoryBytes ?? directory.length, 12);
  end.writeUInt32LE(options.directoryOffset ?? position, 16);
  end.writeUInt16LE(options.comment?.length ?? 0, 20);
  return Buffer.concat([
    options.before ?? Buffer.alloc(0),
    ...locals,
    directory,
    options.beforeEnd?.(position, directory.length) ?? Buffer.alloc(0),
    end,
    options.comment ?? Buffer.alloc(0),
    options.after ?? Buffer.alloc(0),
  ]);
}

/** A 64-bit end record at `position` and the locator that points to it. */
export function end64(
  position: number,
  fields: { records: number; directoryBytes: number; directoryOffset: number },
): Buffer {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(fields.records), 24);
  record.writeBigUInt64LE(BigInt(fields.records), 32);
  record.writeBigUInt64LE(BigInt(fields.directoryBytes), 40);
  record.writeBigUInt64LE(BigInt(fields.directoryOffset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(position), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator]);
}

/** The headers of a directory alone, for a second directory inside a file. */
export function directoryOf(entries: readonly HandmadeEntry[], positions: readonly number[]): Buffer {
  return Buffer.concat(entries.map((entry, index) => entryBytes(entry, positions[index] ?? 0).header));
}

function entryBytes(entry: HandmadeEntry, position: number): { local: Buffer; header: Buffer } {
  const name = Buffer.from(entry.name);
  const localName = entry.localName === undefined ? name : Buffer.from(entry.localName);
  const data = Buffer.from(entry.data ?? '');
  const method = entry.method ?? 8;
  const packed = entry.packed ?? (method === 8 ? deflateRawSync(data) : data);
  const extra = entry.extra ?? Buffer.alloc(0);
  // Method to uncompressed size, which the two headers have in common.
  const common = Buffer.alloc(20);
  common.writeUInt16LE(entry.flags ?? 0, 0);
  common.writeUInt16LE(method, 2);
  common.writeUInt32LE(entry.crc32 ?? crc32(data), 8);
  common.writeUInt32LE(entry.compressedBytes ?? packed.length, 12);
  common.writeUInt32LE(entry.uncompressedBytes ?? data.length, 16);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  common.copy(local, 6);
  local.writeUInt16LE(localName.length, 26);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  common.copy(header, 8);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(entry.headerOffset ?? position, 42);
  return {
    local: Buffer.concat([local, localName, packed, entry.descriptor ?? Buffer.alloc(0)]),
    header: Buffer.concat([header, name, extra]),
  };
}
