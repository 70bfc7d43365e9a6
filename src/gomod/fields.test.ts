import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsOf } from './fields.ts';

test('words stand between what Go takes for space', () => {
  assert.deepEqual(fieldsOf(' \t a\u0085b\u00a0\v\fc\r'), ['a', 'b', 'c']);
  assert.deepEqual(fieldsOf('\ufeffa b'), ['\ufeffa', 'b']);
  for (const nothing of ['', ' ', '\r\n\u3000']) assert.deepEqual(fieldsOf(nothing), []);
});
