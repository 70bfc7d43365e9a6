import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDuration } from './duration.ts';

test('durations are read with their units', () => {
  const table: [string, number][] = [
    ['0', 0],
    ['0s', 0],
    ['500ms', 500],
    ['5s', 5000],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1m30s', 90_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
    [' 5s ', 5000],
    ['0.4ms', 0],
  ];
  for (const [text, expected] of table) assert.equal(parseDuration(text), expected, text);
});

test('what is no duration is undefined', () => {
  for (const text of [
    '',
    '5',
    's',
    '-5s',
    '5 s',
    '5S',
    '5us',
    '1e3s',
    '5s,',
    '.5s',
    '5s5',
    '9'.repeat(30) + 'd',
  ]) {
    assert.equal(parseDuration(text), undefined, text);
  }
});

test('durations are written the short way', () => {
  assert.deepEqual([0, 1, 500, 1000, 1500, 90_000, 3_600_000, 86_400_000, 3_600_001].map(formatDuration), [
    '0s',
    '1ms',
    '500ms',
    '1s',
    '1.5s',
    '1m30s',
    '1h',
    '24h',
    '1h0.001s',
  ]);
});

test('every whole number of milliseconds survives writing and reading', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), (ms) =>
      assert.equal(parseDuration(formatDuration(ms)), ms),
    ),
  );
});

test('no text makes parseDuration throw or answer anything but a whole number', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const ms = parseDuration(text);
      assert.ok(ms === undefined || (Number.isSafeInteger(ms) && ms >= 0));
    }),
  );
});
