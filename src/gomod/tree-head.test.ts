import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatTreeHead, MAX_TREE_SIZE, parseTreeHead } from './tree-head.ts';

const HASH = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

test('every tree is read from the text that it is written to', () => {
  const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MAX_TREE_SIZE }), hashes, (size, hash) => {
      const head = { size, hash: Buffer.from(hash) };
      assert.deepEqual(parseTreeHead(formatTreeHead(head)), head);
    }),
  );
});

test('further lines are for later versions of the format', () => {
  assert.equal(parseTreeHead(`go.sum database tree\n7\n${HASH}\nmore\n`).size, 7);
});

test('what is no tree is refused, so are more records than can be counted exactly', () => {
  for (const text of [
    '',
    `go.sum database tree\n7\n${HASH}`,
    `go.sum database tree v2\n7\n${HASH}\n`,
    `go.sum database tree\n07\n${HASH}\n`,
    `go.sum database tree\n-7\n${HASH}\n`,
    `go.sum database tree\n7.0\n${HASH}\n`,
    `go.sum database tree\n7\n${HASH.slice(0, -2)}=\n`,
    `go.sum database tree\n7\n${HASH.slice(4)}\n`,
    `go.sum database tree\n${MAX_TREE_SIZE + 1}\n${HASH}\n`,
    `go.sum database tree\n9223372036854775807\n${HASH}\n`,
    `go.sum database tree\n7\n${HASH}\n${'x'.repeat(1_000_000)}`,
  ]) {
    assert.throws(() => parseTreeHead(text), { code: 'E_BAD_CONTENT' }, text.slice(0, 60));
  }
});
