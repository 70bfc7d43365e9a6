import { createHash } from 'node:crypto';

/** A rectangle of hashes of the log, or of its records where `level` is `data` (`tlog.Tile`). */
export type Tile = {
  readonly height: number;
  readonly level: number | 'data';
  readonly offset: number;
  readonly width: number;
};

/**
 * An append-only Merkle tree as RFC 6962 hashes it (`golang.org/x/mod/sumdb/tlog`), all in memory: every
 * hash of every complete subtree is kept, by level.
 */
export class TransparencyLog {
  readonly #levels: Buffer[][] = [[]];
  readonly #records: Buffer[] = [];

  get size(): number {
    return this.#records.length;
  }

  /** Appends a record; returns its number, from 0. */
  append(record: Buffer): number {
    this.#records.push(record);
    this.#push(0, createHash('sha256').update('\0').update(record).digest());
    return this.#records.length - 1;
  }

  record(id: number): Buffer | undefined {
    return this.#records[id];
  }

  /** The hash over the first `size` records, all of them by default; that of the empty string where there are none. */
  rootHash(size: number = this.size): Buffer {
    let root: Buffer | undefined;
    // The complete subtrees of a log of n records are the 1 bits of n; the smallest stands rightmost.
    for (const [level, hashes] of this.#levels.entries()) {
      const count = Math.floor(size / 2 ** level);
      if (count % 2 === 0) continue;
      const subtree = hashes[count - 1];
      if (subtree === undefined) throw new Error('transparency log lost a subtree');
      root = root === undefined ? subtree : nodeHash(subtree, root);
    }
    return root ?? createHash('sha256').digest();
  }

  /** The bytes of a tile: hashes of 32 bytes, or records each followed by an empty line. Undefined where the log is too short. */
  tile(tile: Tile): Buffer | undefined {
    const start = tile.offset * 2 ** tile.height;
    const end = start + tile.width;
    if (tile.level === 'data') {
      if (end > this.size) return undefined;
      return Buffer.concat(this.#records.slice(start, end).flatMap((text) => [text, Buffer.from('\n')]));
    }
    const hashes = this.#levels[tile.level * tile.height] ?? [];
    return end > hashes.length ? undefined : Buffer.concat(hashes.slice(start, end));
  }

  #push(level: number, hash: Buffer): void {
    const hashes = (this.#levels[level] ??= []);
    hashes.push(hash);
    const left = hashes.at(-2);
    if (hashes.length % 2 === 0 && left !== undefined) this.#push(level + 1, nodeHash(left, hash));
  }
}

/** Reads `tile/<H>/<L>/<K>[.p/<W>]` in its only canonical form (`tlog.ParseTilePath`); undefined for anything else. */
export function parseTilePath(path: string): Tile | undefined {
  const found = /^tile\/(\d{1,2})\/(data|\d{1,2})\/((?:x\d{3}\/)*)(\d{3})(?:\.p\/(\d+))?$/.exec(path);
  if (found === null) return undefined;
  const height = Number(found[1]);
  const level = found[2] === 'data' ? 'data' : Number(found[2]);
  const offset = Number((found[3] ?? '').replaceAll(/[x/]/g, '') + (found[4] ?? ''));
  const full = 2 ** height;
  const width = found[5] === undefined ? full : Number(found[5]);
  const tile = { height, level, offset, width } as const;
  const sane = height >= 1 && height <= 30 && width >= 1 && (found[5] === undefined || width < full);
  return sane && tilePath(tile) === path ? tile : undefined;
}

/** The path of a tile, without a leading slash (`Tile.Path`). */
export function tilePath(tile: Tile): string {
  const digits = String(tile.offset).padStart(Math.ceil(String(tile.offset).length / 3) * 3, '0');
  const groups = digits.match(/\d{3}/g) ?? [];
  const name = groups.map((group, index) => (index < groups.length - 1 ? `x${group}` : group)).join('/');
  const partial = tile.width === 2 ** tile.height ? '' : `.p/${tile.width}`;
  return `tile/${tile.height}/${tile.level}/${name}${partial}`;
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update('\u0001').update(left).update(right).digest();
}
