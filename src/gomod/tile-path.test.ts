import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTilePath } from './tile-path.ts';

test('coordinates of hash tiles, partial tiles and data tiles', () => {
  assert.deepEqual(parseTilePath('tile/8/1/x001/234'), { height: 8, level: 1n, index: 1234n, width: 256 });
  assert.deepEqual(parseTilePath('tile/8/data/067.p/5'), { height: 8, level: 'data', index: 67n, width: 5 });
});

test('one tile has one path', () => {
  for (const path of [
    'tile/08/0/000',
    'tile/8/0/x000/001',
    'tile/8/0/1',
    'tile/8/0/001/002',
    'tile/8/0/000.p/256',
    'tile/8/0/000.p/01',
    'tile/31/0/000',
    'tile/8/-1/000',
  ]) {
    assert.equal(parseTilePath(path), undefined, path);
  }
});

test('every number is read from the path that it is written to', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 63n - 1n), (index) => {
      const groups: string[] = [];
      for (let rest = index; groups.length === 0 || rest > 0n; rest /= 1000n) {
        groups.unshift(`${groups.length > 0 ? 'x' : ''}${String(rest % 1000n).padStart(3, '0')}`);
      }
      assert.equal(parseTilePath(`tile/8/0/${groups.join('/')}`)?.index, index);
    }),
  );
});
