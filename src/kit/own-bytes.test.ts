import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownBytes } from './own-bytes.ts';

test('a copy has the same bytes, in a block of its own size that nothing else shares', () => {
  const pooled = Buffer.from('module example.com/m\n');
  assert.ok(pooled.buffer.byteLength > pooled.length, 'else there is nothing to be gained');
  const own = ownBytes(pooled);
  assert.deepEqual(own, pooled);
  assert.deepEqual([own.byteOffset, own.buffer.byteLength], [0, pooled.length]);
  pooled.fill(0);
  assert.equal(own.toString(), 'module example.com/m\n');
  assert.equal(ownBytes(new Uint8Array()).length, 0);
});
