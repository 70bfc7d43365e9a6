import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  hashInTile,
  hashTileOf,
  hashTilePath,
  placeOf,
  recordsUpTo,
  subtreesOfTile,
  tileAbove,
  type HashTile,
} from './hash-tile.ts';
import { nodeHash, recordHash, storedHashIndex } from './log-hashes.ts';
import { parseTilePath } from './tile-path.ts';
import { MAX_TREE_SIZE } from './tree-head.ts';

const LEAVES = Array.from({ length: 300 }, (_, n) => recordHash(`record ${n}\n`));

function hashOf(level: number, n: number): Buffer {
  return level === 0
    ? (LEAVES[n] ?? assert.fail())
    : nodeHash(hashOf(level - 1, 2 * n), hashOf(level - 1, 2 * n + 1));
}

function bytesOf({ height, level, index, width }: HashTile): Buffer {
  return Buffer.concat(
    Array.from({ length: width }, (_, at) => hashOf(height * level, index * 2 ** height + at)),
  );
}

/** Tiles that a log can have. */
const TILES = fc
  .record({
    height: fc.integer({ min: 1, max: 15 }),
    level: fc.nat({ max: 4 }),
    index: fc.nat({ max: 2 ** 24 }),
    width: fc.integer({ min: 1, max: 2 ** 15 }),
  })
  .map((tile) => ({ ...tile, width: Math.min(tile.width, 2 ** tile.height) }))
  .filter((tile) => recordsUpTo(tile) <= MAX_TREE_SIZE);

test('every tile is read from the path that it is written to', () => {
  fc.assert(
    fc.property(TILES, (tile) => {
      const parsed = parseTilePath(hashTilePath(tile));
      assert.deepEqual(parsed && hashTileOf(parsed), tile);
    }),
  );
  assert.equal(hashTilePath({ height: 3, level: 4, index: 1234067, width: 1 }), 'tile/3/4/x001/x234/067.p/1');
  assert.equal(hashTilePath({ height: 3, level: 4, index: 1234067, width: 8 }), 'tile/3/4/x001/x234/067');
});

test('tiles that no log has, and tiles of records, are none of hashes', () => {
  for (const path of [
    'tile/8/data/000',
    'tile/8/7/000',
    'tile/8/9223372036854775807/000',
    'tile/1/0/x009/x223/x372/x036/x854/x775/807',
    'tile/30/2/000',
  ]) {
    const tile = parseTilePath(path);
    assert.ok(tile !== undefined, path);
    assert.equal(hashTileOf(tile), undefined, path);
  }
});

test('a stored hash is where placeOf says, at every height', () => {
  for (const height of [1, 2, 3, 5, 8]) {
    for (let level = 0; level <= 7; level += 1) {
      for (let n = 0; (n + 1) * 2 ** level <= 200; n += 3) {
        const { tile, first, count } = placeOf(height, storedHashIndex(level, n));
        assert.deepEqual(
          hashInTile(bytesOf(tile), first, count),
          hashOf(level, n),
          `${height} ${level} ${n}`,
        );
        assert.equal(recordsUpTo(tile), (n + 1) * 2 ** level);
      }
    }
  }
});

test("a tile's subtrees are stored hashes made of all of its hashes", () => {
  for (const height of [2, 3, 8]) {
    for (const tile of [
      { height, level: 0, index: 0, width: 3 },
      { height, level: 0, index: 5, width: 2 ** Math.min(height, 3) - 1 },
      { height, level: 1, index: 0, width: 1 },
    ]) {
      if (recordsUpTo(tile) > LEAVES.length) continue;
      let next = 0;
      for (const { first, count, storedIndex } of subtreesOfTile(tile)) {
        assert.equal(first, next);
        next += count;
        const place = placeOf(8, storedIndex);
        const expected = hashInTile(bytesOf(place.tile), place.first, place.count);
        assert.deepEqual(hashInTile(bytesOf(tile), first, count), expected);
      }
      assert.equal(next, tile.width);
    }
  }
});

test('the tile above, as wide as the tree has it', () => {
  const tile = { height: 8, level: 0, index: 300, width: 5 };
  assert.deepEqual(tileAbove(tile, 0, 300 * 256 + 9), { ...tile, width: 9 });
  assert.deepEqual(tileAbove(tile, 0, 400 * 256), { ...tile, width: 256 });
  assert.equal(tileAbove(tile, 0, 300 * 256), undefined);
  assert.deepEqual(tileAbove(tile, 1, 400 * 256), { height: 8, level: 1, index: 1, width: 144 });
  assert.equal(tileAbove(tile, 3, 400 * 256), undefined);
});
