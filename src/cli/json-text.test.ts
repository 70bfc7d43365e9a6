import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { say } from '../words/text.ts';
import { jsonLine, jsonText } from './json-text.ts';

test('what a terminal obeys is escaped, and means the same', () => {
  const said = 'a\u001b[31m\u009b31m\u007f\u202e\u2066\u200b\u2028\ufeff\u{e0041}é文';
  const text = jsonText({ said, 文: say('it is no file') });
  assert.match(text, /^[\n\u0020-\u007eé文]*$/);
  assert.ok(text.includes('\\u009b31m\\u007f\\u202e'));
  assert.deepEqual(JSON.parse(text), { said, 文: 'it is no file' });
});

test('whatever is said comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (said) => {
      assert.deepEqual(JSON.parse(jsonLine([said])), [said]);
      assert.equal(jsonLine([said]).split('\n').length, 2);
    }),
  );
});
