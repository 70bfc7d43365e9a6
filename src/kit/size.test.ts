import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatExactSize, formatSize, parseSize } from './size.ts';

test('sizes are read with their units', () => {
  const table: [string, number][] = [
    ['0', 0],
    ['4096', 4096],
    ['512B', 512],
    ['8KiB', 8192],
    ['64MiB', 67_108_864],
    ['64 mib', 67_108_864],
    ['1.5GiB', 1_610_612_736],
    ['500MB', 500_000_000],
    ['2TiB', 2_199_023_255_552],
  ];
  for (const [text, expected] of table) assert.equal(parseSize(text), expected, text);
});

test('what is no size is undefined', () => {
  for (const text of ['', 'MiB', '-1', '1 XiB', '1e3', '1,5GiB', '64MiB!', '9999999999999999TiB']) {
    assert.equal(parseSize(text), undefined, text);
  }
});

test('sizes are written for people', () => {
  assert.deepEqual([0, 1023, 1024, 12_897_485, 67_108_864, 1_048_570, 5 * 1024 ** 5].map(formatSize), [
    '0 B',
    '1023 B',
    '1 KiB',
    '12.3 MiB',
    '64 MiB',
    '1 MiB',
    '5120 TiB',
  ]);
});

test('what was written can be read, within the rounding', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e14 }), (bytes) => {
      const read = parseSize(formatSize(bytes));
      assert.ok(read !== undefined && Math.abs(read - bytes) <= bytes * 0.06);
    }),
  );
});

test('a size can be written exactly', () => {
  assert.deepEqual([0, 1000, 1024, 67_108_864, 67_108_865, 5 * 1024 ** 5].map(formatExactSize), [
    '0B',
    '1000B',
    '1KiB',
    '64MiB',
    '67108865B',
    '5120TiB',
  ]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e14 }), (bytes) => {
      assert.equal(parseSize(formatExactSize(bytes)), bytes);
    }),
  );
});
