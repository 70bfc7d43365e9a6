import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { trimEndOf } from './trim-end.ts';

test('nothing but what stands at the end goes', () => {
  const table: [string, string][] = [
    ['', ''],
    ['/', ''],
    ['///', ''],
    ['/a//b//', '/a//b'],
    ['a', 'a'],
    ['a/ ', 'a/ '],
  ];
  for (const [text, expected] of table) assert.equal(trimEndOf(text, '/'), expected, text);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('/', 'a') }), (text) => {
      assert.equal(trimEndOf(text, '/'), text.replace(/\/+$/, ''));
    }),
  );
});
