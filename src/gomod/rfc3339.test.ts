import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseRfc3339 } from './rfc3339.ts';

test('zones and fractions', () => {
  assert.equal(parseRfc3339('2023-01-02T03:04:05Z')?.toISOString(), '2023-01-02T03:04:05.000Z');
  assert.equal(parseRfc3339('2023-01-02T03:04:05-07:30')?.toISOString(), '2023-01-02T10:34:05.000Z');
  assert.equal(parseRfc3339('2023-01-02T03:04:05.123456789Z')?.toISOString(), '2023-01-02T03:04:05.123Z');
});

test('what is no time', () => {
  for (const text of [
    '',
    '2023-01-02',
    '2023-01-02 03:04:05Z',
    '2023-01-02T03:04:05',
    '2023-01-02t03:04:05z',
    '2023-02-29T00:00:00Z',
    '2023-13-01T00:00:00Z',
    '2023-01-01T24:00:00Z',
    '2023-01-01T00:60:00Z',
    '2023-01-01T00:00:00+24:00',
    '2023-01-01T00:00:00+00:60',
    '2023-01-01T00:00:00.Z',
  ]) {
    assert.equal(parseRfc3339(text), undefined, text);
  }
});

test('every time is read back', () => {
  const from = new Date('0000-01-01T00:00:00Z');
  const to = new Date('9999-12-31T23:59:59Z');
  fc.assert(
    fc.property(fc.date({ min: from, max: to, noInvalidDate: true }), (time) => {
      assert.equal(parseRfc3339(time.toISOString())?.getTime(), time.getTime());
    }),
  );
});
