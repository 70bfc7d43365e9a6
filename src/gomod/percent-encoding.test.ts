import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { percentDecode, percentEncodePath } from './percent-encoding.ts';

test('printable ASCII goes there and back', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\x20-\x7e]*$/), (text) => {
      assert.equal(percentDecode(percentEncodePath(text)), text);
    }),
  );
});

test('decodes once, and a plus is a plus', () => {
  assert.equal(percentDecode('/a%2521+b'), '/a%21+b');
});

test('broken escapes and unprintable characters are nothing', () => {
  for (const text of ['%', '%2', '%zz', 'a b', 'a\0b', '%00', '%0A', '%7f', '%80', 'é', '\u{1f600}']) {
    assert.equal(percentDecode(text), undefined, text);
  }
});
