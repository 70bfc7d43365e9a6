import assert from 'node:assert/strict';
import { HASH_BYTES, nodeHash, splitStoredHashIndex, storedHashIndex, subtreesOf } from './log-hashes.ts';
import type { Tile } from './tile-path.ts';
import { MAX_TREE_SIZE } from './tree-head.ts';

/**
 * A tile of hashes that a log can have: `width` hashes of tree level `height * level`, the first of which is
 * the one numbered `index * 2^height` (tlog.Tile, without its level of records).
 */
export type HashTile = {
  readonly height: number;
  readonly level: number;
  readonly index: number;
  readonly width: number;
};

/** The height of the tiles that go asks for (sumdb.Client). */
export const TILE_HEIGHT = 8;

/** Hashes of a tile that is complete. */
export function fullWidth(height: number): number {
  return 2 ** height;
}

/**
 * A tile as a request names it, if a log of at most MAX_TREE_SIZE records can have it; `undefined` for tiles
 * of records and for numbers beyond every log.
 */
export function hashTileOf({ height, level, index, width }: Tile): HashTile | undefined {
  if (level === 'data' || level > 64n || index > BigInt(MAX_TREE_SIZE)) return undefined;
  const tile = { height, level: Number(level), index: Number(index), width };
  return recordsUpTo(tile) > MAX_TREE_SIZE ? undefined : tile;
}

/** How many records a tree must have to have this tile. */
export function recordsUpTo({ height, level, index, width }: HashTile): number {
  return (index * 2 ** height + width) * 2 ** (height * level);
}

/** The one path of a tile, without a leading slash (tlog.Tile.Path). */
export function hashTilePath({ height, level, index, width }: HashTile): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/[0-9]{3}/g) ?? [];
  const name = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  const partial = width === fullWidth(height) ? '' : `.p/${width}`;
  return `tile/${height}/${level}/${name}${partial}`;
}

/** A stored hash's place: the narrowest tile that has it, and which of the tile's hashes it is made of. */
export type TilePlace = { readonly tile: HashTile; readonly first: number; readonly count: number };

/** Where the stored hash `index` is among tiles of `height` (tlog.tileForIndex). */
export function placeOf(height: number, index: number): TilePlace {
  const { level, n } = splitStoredHashIndex(index);
  const tileLevel = Math.floor(level / height);
  const inside = level - tileLevel * height;
  const count = 2 ** inside;
  // A hash above the tile's own level stands for `count` of its hashes.
  const tileIndex = Math.floor((n * count) / 2 ** height);
  const first = n * count - tileIndex * 2 ** height;
  return { tile: { height, level: tileLevel, index: tileIndex, width: first + count }, first, count };
}

/** The hash over `count` (a power of two) hashes of a tile's bytes, from the one numbered `first` (tlog.tileHash). */
export function hashInTile(bytes: Buffer, first: number, count: number): Buffer {
  assert.ok((first + count) * HASH_BYTES <= bytes.length, 'the tile is wide enough');
  let hashes = Array.from({ length: count }, (_, at) => {
    const start = (first + at) * HASH_BYTES;
    return bytes.subarray(start, start + HASH_BYTES);
  });
  while (hashes.length > 1) {
    const pairs: Buffer[] = [];
    for (let at = 0; at < hashes.length; at += 2) {
      const [left, right] = [hashes[at], hashes[at + 1]];
      assert.ok(left !== undefined && right !== undefined, 'a power of two');
      pairs.push(nodeHash(left, right));
    }
    hashes = pairs;
  }
  const [root] = hashes;
  assert.ok(root !== undefined, 'at least one hash');
  return root;
}

/**
 * The tile `up` levels above `tile`, as wide as a tree of `size` records has it; `undefined` where that tree
 * has none (tlog.tileParent). With `up` 0 the tile itself in that tree.
 */
export function tileAbove(tile: HashTile, up: number, size: number): HashTile | undefined {
  const { height } = tile;
  const level = tile.level + up;
  const index = Math.floor(tile.index / 2 ** (height * up));
  const hashes = Math.floor(size / 2 ** (height * level));
  const width = Math.min(hashes - index * 2 ** height, fullWidth(height));
  return width <= 0 ? undefined : { height, level, index, width };
}

/** The complete subtrees that a tile's hashes make up: where each is in the tile, and its stored hash. */
export function subtreesOfTile({
  height,
  level,
  index,
  width,
}: HashTile): { readonly first: number; readonly count: number; readonly storedIndex: number }[] {
  const start = index * 2 ** height;
  let first = 0;
  return subtreesOf(start, start + width).map((subtree) => {
    const count = 2 ** subtree.level;
    first += count;
    const storedIndex = storedHashIndex(height * level + subtree.level, subtree.n);
    return { first: first - count, count, storedIndex };
  });
}
