import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TransparencyLog } from '../../test/support/transparency-log.ts';
import { hashTilePath, type HashTile } from './hash-tile.ts';
import { joinSubtrees, recordHash, storedHashIndex, subtreeIndexes } from './log-hashes.ts';
import { checkTiles, planTiles, plannedHashes, type TilePlan } from './tile-proof.ts';

const LOG = new TransparencyLog();
const HEADS = [{ size: 0, hash: LOG.rootHash() }];
for (let n = 0; n < 600; n += 1) {
  LOG.append(Buffer.from(`record ${n}\n`));
  HEADS.push({ size: LOG.size, hash: LOG.rootHash() });
}

function bytesOf(tile: HashTile): Buffer {
  return LOG.tile({ ...tile, offset: tile.index }) ?? assert.fail(hashTilePath(tile));
}

function headOf(size: number): { size: number; hash: Buffer } {
  return HEADS[size] ?? assert.fail();
}

function planOf(size: number, indexes: readonly number[], height: number): TilePlan {
  return planTiles(headOf(size), indexes, height) ?? assert.fail('no plan');
}

function flip(bytes: Buffer): Buffer {
  const spoilt = Buffer.from(bytes);
  spoilt[0] = (spoilt[0] ?? 0) ^ 1;
  return spoilt;
}

const CASES = fc
  .record({ size: fc.integer({ min: 1, max: 600 }), height: fc.integer({ min: 1, max: 9 }), seed: fc.nat() })
  .map(({ size, height, seed }) => ({ size, height, record: seed % size, older: (seed % size) + 1 }));

test('the planned tiles prove any record and any smaller tree, at any height', () => {
  fc.assert(
    fc.property(CASES, ({ size, height, record, older }) => {
      const indexes = [storedHashIndex(0, record), ...subtreeIndexes(0, older)];
      const plan = planOf(size, indexes, height);
      const tiles = plan.tiles.map(bytesOf);
      const check = checkTiles(
        plan,
        tiles.map((bytes) => [bytes]),
      );
      assert.deepEqual(check, { kind: 'proven', chosen: tiles.map(() => 0) });
      const [leaf, ...subtrees] = plannedHashes(plan, tiles);
      assert.deepEqual(leaf, recordHash(`record ${record}\n`));
      assert.deepEqual(joinSubtrees(subtrees), headOf(older).hash);
    }),
  );
});

test('no tile can be another one: it is found wherever it is, and the right one beside it is chosen', () => {
  fc.assert(
    fc.property(CASES, fc.nat(), fc.nat(), ({ size, height, record }, tileSeed, byteSeed) => {
      const plan = planOf(size, [storedHashIndex(0, record)], height);
      const right = plan.tiles.map(bytesOf);
      const at = tileSeed % right.length;
      const spoilt = Buffer.from(right[at] ?? assert.fail());
      const byte = byteSeed % spoilt.length;
      spoilt[byte] = (spoilt[byte] ?? 0) ^ 0x80;
      const wrong = right.map((bytes, position) => [position === at ? spoilt : bytes]);
      const check = checkTiles(plan, wrong);
      assert.equal(check.kind, 'unproven');
      const suspects = check.kind === 'unproven' ? check.tiles : [];
      // Of the right edge nobody can say which one it is.
      if (at < plan.edges) assert.deepEqual(suspects, [...right.keys()].slice(0, plan.edges));
      else assert.deepEqual(suspects, [at]);
      const beside = wrong.map((list, position) => (position === at ? [...list, right[at] ?? spoilt] : list));
      const chosen = right.map((_, position) => (position === at ? 1 : 0));
      assert.deepEqual(checkTiles(plan, beside), { kind: 'proven', chosen });
    }),
  );
});

test('two mirrors that each lie about another tile of the edge are sorted out', () => {
  const plan = planOf(599, [], 3);
  assert.ok(plan.edges >= 3);
  const candidates = plan.tiles.map((tile, at) =>
    at % 2 === 0 ? [bytesOf(tile), flip(bytesOf(tile))] : [flip(bytesOf(tile)), bytesOf(tile)],
  );
  assert.deepEqual(checkTiles(plan, candidates), {
    kind: 'proven',
    chosen: plan.tiles.map((_, at) => at % 2),
  });
});

test('a tree has no hashes beyond its end', () => {
  assert.equal(planTiles(headOf(7), [storedHashIndex(0, 7)], 8), undefined);
  assert.equal(planTiles(headOf(7), [storedHashIndex(2, 1)], 8), undefined);
  assert.notEqual(planTiles(headOf(8), [storedHashIndex(3, 0)], 8), undefined);
});
