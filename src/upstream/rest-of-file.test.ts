import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { judgeRest, judgeUnsatisfiable, restHeaders } from './rest-of-file.ts';

const VALIDATED = { fromBytes: 90, validator: '"e"', totalBytes: 100 };
const SUPPOSED = { fromBytes: 90, totalBytes: 100 };
const range = (text: string, more: Record<string, string> = {}): Record<string, string> => ({
  'content-range': text,
  ...more,
});

test('the headers that ask for a rest', () => {
  assert.deepEqual(restHeaders(undefined), {});
  assert.deepEqual(restHeaders(SUPPOSED), { range: 'bytes=90-' });
  assert.deepEqual(restHeaders(VALIDATED), { range: 'bytes=90-', 'if-range': '"e"' });
});

test('a 206 with exactly the rest that was asked for is taken', () => {
  for (const headers of [
    range('bytes 90-99/100'),
    range(' Bytes 90-99/100', { 'content-length': '10', etag: '"e"' }),
  ]) {
    assert.deepEqual(judgeRest(headers, VALIDATED), { kind: 'rest', totalBytes: 100 });
    assert.deepEqual(judgeRest(headers, SUPPOSED), { kind: 'rest', totalBytes: 100 });
  }
  const unknown = { fromBytes: 90, validator: '"e"' };
  assert.deepEqual(judgeRest(range('bytes 90-499/500'), unknown), { kind: 'rest', totalBytes: 500 });
  // A date says nothing of an ETag that came later.
  const byDate = { fromBytes: 90, validator: 'Wed, 01 Jan 2025 12:00:00 GMT' };
  assert.equal(judgeRest(range('bytes 90-99/100', { etag: '"new"' }), byDate).kind, 'rest');
});

test('a 206 with any other part, length or ETag is nonsense', () => {
  for (const headers of [
    {},
    range(''),
    range('bytes 90-99/*'),
    range('bytes */100'),
    range('items 90-99/100'),
    range('bytes 89-99/100'),
    range('bytes 91-99/100'),
    range('bytes 90-98/100'),
    range('bytes 90-100/100'),
    range('bytes 90-89/90'),
    range('bytes 90-99/100, bytes 0-1/100'),
    range('bytes 90-99/100', { 'content-length': '11' }),
    range('bytes 90-99/100', { etag: '"other"' }),
    range('bytes 90-99/100', { etag: 'W/"e"' }),
    range('bytes 90-198/199'),
  ]) {
    assert.equal(judgeRest(headers, VALIDATED).kind, 'nonsense', JSON.stringify(headers));
  }
});

test('where the length was only supposed, another one is no contradiction', () => {
  assert.equal(judgeRest(range('bytes 90-198/199'), SUPPOSED).kind, 'other-file');
  assert.equal(judgeUnsatisfiable(SUPPOSED).kind, 'other-file');
  assert.equal(judgeUnsatisfiable(VALIDATED).kind, 'nonsense');
});

test('whatever Content-Range says, a rest is taken only if it is the one that was asked for', () => {
  const number = fc.oneof(fc.constantFrom('90', '99', '100', '*', '', '-1'), fc.nat(200).map(String));
  const said = fc.oneof(
    fc.string(),
    fc.tuple(number, number, number).map(([first, last, total]) => `bytes ${first}-${last}/${total}`),
  );
  fc.assert(
    fc.property(said, (text) => {
      const verdict = judgeRest(range(text), SUPPOSED);
      if (verdict.kind === 'rest') assert.equal(text.trim().toLowerCase(), 'bytes 90-99/100');
      else assert.ok(verdict.why.length <= 120);
    }),
  );
});
