import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Selection, select } from './conditional.ts';

const MODIFIED_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const SAME = 'Fri, 02 Jan 2026 03:04:05 GMT';
const BEFORE = 'Fri, 02 Jan 2026 03:04:04 GMT';
const VALIDATORS = { etag: '"100-5"', lastModified: SAME, modifiedMs: MODIFIED_MS };

function selectGet(headers: IncomingHttpHeaders): Selection {
  return select('GET', headers, 100, VALIDATORS);
}

const WHOLE = { kind: 'whole' } as const;
const part = (start: number, end: number): Selection => ({ kind: 'part', start, end });

const CASES: readonly (readonly [IncomingHttpHeaders, Selection])[] = [
  [{}, WHOLE],
  [{ 'if-none-match': '"100-5"' }, { kind: 'not-modified' }],
  [{ 'if-none-match': 'W/"100-5", "x"' }, { kind: 'not-modified' }],
  [{ 'if-none-match': '"other"' }, WHOLE],
  [{ 'if-none-match': '"other"', 'if-modified-since': SAME }, WHOLE],
  [{ 'if-modified-since': SAME }, { kind: 'not-modified' }],
  [{ 'if-modified-since': BEFORE }, WHOLE],
  [{ 'if-modified-since': 'yesterday' }, WHOLE],
  [{ 'if-match': '"x", "100-5"' }, WHOLE],
  [{ 'if-match': '*' }, WHOLE],
  [{ 'if-match': 'W/"100-5"' }, { kind: 'failed' }],
  [{ 'if-match': '"x"', 'if-none-match': '"100-5"' }, { kind: 'failed' }],
  [{ 'if-unmodified-since': SAME }, WHOLE],
  [{ 'if-unmodified-since': BEFORE }, { kind: 'failed' }],
  [{ 'if-unmodified-since': 'yesterday' }, WHOLE],
  [{ range: 'bytes=0-9' }, part(0, 9)],
  [{ range: 'bytes=90-' }, part(90, 99)],
  [{ range: 'bytes=-10' }, part(90, 99)],
  [{ range: 'bytes=-1000' }, part(0, 99)],
  [{ range: 'bytes=50-1000' }, part(50, 99)],
  [{ range: 'bytes=100-' }, { kind: 'unsatisfiable' }],
  [{ range: 'bytes=-0' }, { kind: 'unsatisfiable' }],
  [{ range: 'bytes=0-1,3-4' }, WHOLE],
  [{ range: 'lines=0-1' }, WHOLE],
  [{ range: 'lines=500-' }, WHOLE],
  [{ range: 'bytes' }, WHOLE],
  [{ range: 'bytes=a-b' }, WHOLE],
  [{ range: 'bytes=0-9', 'if-range': '"100-5"' }, part(0, 9)],
  [{ range: 'bytes=0-9', 'if-range': SAME }, part(0, 9)],
  [{ range: 'bytes=0-9', 'if-range': 'W/"100-5"' }, WHOLE],
  [{ range: 'bytes=0-9', 'if-range': BEFORE }, WHOLE],
  [{ range: 'bytes=0-9', 'if-none-match': '"100-5"' }, { kind: 'not-modified' }],
];

for (const [headers, expected] of CASES) {
  test(`${JSON.stringify(headers)} selects ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(selectGet(headers), expected);
  });
}

test('a range means nothing to HEAD', () => {
  assert.deepEqual(select('HEAD', { range: 'bytes=0-9' }, 100, VALIDATORS), WHOLE);
});

test('no part of an empty file can be had', () => {
  for (const range of ['bytes=0-', 'bytes=-5', 'bytes=0-0']) {
    assert.deepEqual(select('GET', { range }, 0, VALIDATORS), { kind: 'unsatisfiable' });
  }
});

test('a part always lies inside the file', () => {
  const numbers = fc.oneof(fc.nat(300).map(String), fc.constantFrom('', '9'.repeat(400), ' 7'));
  const ranges = fc.oneof(
    fc.string(),
    fc.tuple(numbers, numbers).map(([start, end]) => `bytes=${start}-${end}`),
  );
  fc.assert(
    fc.property(ranges, fc.nat(200), (range, sizeBytes) => {
      const selected = select('GET', { range }, sizeBytes, VALIDATORS);
      if (selected.kind !== 'part') return;
      assert.ok(selected.start >= 0 && selected.start <= selected.end && selected.end < sizeBytes);
    }),
  );
});
