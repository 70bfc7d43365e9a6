import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { firstLine, sanitiseLine } from './sanitise.ts';

test('words keep what a terminal can show', () => {
  assert.equal(sanitiseLine('not found: größe 模块 ✓', 80), 'not found: größe 模块 ✓');
});

const HOSTILE: readonly (readonly [name: string, text: string, clean: string])[] = [
  ['terminal colours', '\u001B[31mred\u001B[0m', 'red'],
  ['a title sequence', '\u001B]0;owned\u0007text', 'text'],
  ['carriage returns', 'good\rbad', 'good bad'],
  ['other control characters', 'a\u0000b\u0008c\u009Bd', 'abcd'],
  ['direction overrides', 'a\u202Eb\u2066c', 'abc'],
  ['broken characters', 'a\uFFFDb\uD800c', 'abc'],
  ['runs of space', '  a \t\n\u00A0 b  ', 'a b'],
];
for (const [name, text, clean] of HOSTILE) {
  test(`words lose ${name}`, () => assert.equal(sanitiseLine(text, 80), clean));
}

test('long words are cut with an ellipsis, by characters', () => {
  assert.equal(sanitiseLine('x'.repeat(100), 10), `${'x'.repeat(9)}…`);
  assert.equal(sanitiseLine('😀'.repeat(100), 4), '😀😀😀…');
  assert.equal(sanitiseLine('x'.repeat(10), 10), 'x'.repeat(10));
});

test('the first line that says something counts', () => {
  assert.equal(firstLine(Buffer.from('\r\n\u0007\n not found: x\nsecond'), 80), 'not found: x');
  assert.equal(firstLine(Buffer.from('\n\n'), 80), '');
  assert.equal(firstLine(Buffer.from([0x61, 0xe2, 0x82]), 80), 'a', 'a character cut in the middle');
});

test('whatever bytes come, one bounded line of printable characters leaves', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.integer({ min: 1, max: 100 }), (bytes, maxLength) => {
      const line = firstLine(Buffer.from(bytes), maxLength);
      assert.ok(Array.from(line).length <= maxLength);
      assert.doesNotMatch(line, /[\p{C}\uFFFD]/u);
      assert.equal(line, line.trim());
    }),
  );
});
