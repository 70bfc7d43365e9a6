import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTilePath, tilePath, TransparencyLog } from './transparency-log.ts';

/** The definition of RFC 6962, section 2.1, as it stands there: slow, recursive, without levels. */
function merkleTreeHash(records: readonly Buffer[]): Buffer {
  const [only] = records;
  if (only === undefined) return createHash('sha256').digest();
  if (records.length === 1)
    return createHash('sha256')
      .update(Buffer.from([0]))
      .update(only)
      .digest();
  let split = 1;
  while (split * 2 < records.length) split *= 2;
  const left = merkleTreeHash(records.slice(0, split));
  const right = merkleTreeHash(records.slice(split));
  return createHash('sha256')
    .update(Buffer.from([1]))
    .update(left)
    .update(right)
    .digest();
}

test('the root is that of RFC 6962 at every size', () => {
  const log = new TransparencyLog();
  const records: Buffer[] = [];
  assert.deepEqual(log.rootHash(), merkleTreeHash([]));
  for (let size = 1; size <= 70; size++) {
    const record = Buffer.from(`record ${size}\n`);
    records.push(record);
    assert.equal(log.append(record), size - 1);
    assert.deepEqual(log.rootHash(), merkleTreeHash(records), `size ${size}`);
  }
});

test('tiles hold the hashes of their level, full and partial, and end with the log', () => {
  const log = new TransparencyLog();
  const records = Array.from({ length: 700 }, (_, id) => Buffer.from(`${id}\n`));
  for (const record of records) log.append(record);
  const upper = log.tile({ height: 8, level: 1, offset: 0, width: 2 });
  const expected = [0, 256].map((start) => merkleTreeHash(records.slice(start, start + 256)));
  assert.deepEqual(upper, Buffer.concat(expected));
  assert.equal(log.tile({ height: 8, level: 0, offset: 1, width: 256 })?.length, 256 * 32);
  assert.equal(log.tile({ height: 8, level: 0, offset: 2, width: 188 })?.length, 188 * 32);
  assert.equal(log.tile({ height: 8, level: 0, offset: 2, width: 189 }), undefined);
  assert.equal(log.tile({ height: 8, level: 1, offset: 0, width: 3 }), undefined);
  assert.equal(String(log.tile({ height: 8, level: 'data', offset: 2, width: 2 })), '512\n\n513\n\n');
});

test('tile paths have one form only', () => {
  assert.equal(tilePath({ height: 3, level: 4, offset: 1234067, width: 1 }), 'tile/3/4/x001/x234/067.p/1');
  for (const path of [
    'tile/8/0/1',
    'tile/8/0/000.p/256',
    'tile/8/0/000.p/0',
    'tile/8/00/000',
    'tile/31/0/000',
  ]) {
    assert.equal(parseTilePath(path), undefined, path);
  }
  const level = fc.oneof(fc.constant('data' as const), fc.nat({ max: 63 }));
  const tiles = fc.record({
    height: fc.integer({ min: 1, max: 10 }),
    level,
    offset: fc.nat(),
    width: fc.nat(),
  });
  fc.assert(
    fc.property(tiles, (drawn) => {
      const tile = { ...drawn, width: (drawn.width % 2 ** drawn.height) + 1 };
      assert.deepEqual(parseTilePath(tilePath(tile)), tile);
    }),
  );
});
