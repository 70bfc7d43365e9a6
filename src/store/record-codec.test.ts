import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeRecord, encodeRecord } from './record-codec.ts';

test('every JSON value survives', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      // -0 has no JSON.
      assert.deepEqual(decodeRecord(encodeRecord(value)), JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('any other text is an absent record', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      assert.equal(decodeRecord(text) === undefined, !isJson);
    }),
  );
  assert.equal(decodeRecord('{"at":1'), undefined);
});

test('what is shared is frozen to its depth', () => {
  const record = decodeRecord('{"a":{"b":[{"c":1}]}}') as { a: { b: { c: number }[] } };
  assert.ok(Object.isFrozen(record) && Object.isFrozen(record.a) && Object.isFrozen(record.a.b[0]));
});
