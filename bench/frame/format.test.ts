import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatRatio, formatSummary, formatValue } from './format.ts';

test('numbers have three digits and the unit of their size', () => {
  const table = [
    [formatValue(83_886_080, 'bytes'), '80 MiB'],
    [formatValue(1_234_567_890, 'bytes/s'), '1.23 GB/s'],
    [formatValue(26_900, 'requests/s'), '26.9k/s'],
    [formatValue(40.6, 'requests/s'), '40.6/s'],
    [formatValue(0.0123, 's'), '12.3 ms'],
    [formatValue(12.34, 's'), '12.3 s'],
    [formatValue(184.4, 'ms'), '184 ms'],
    [formatValue(0, '1'), '0'],
    [formatValue(0.000123, '1'), '0.000123'],
    [formatValue(0.7564, 'per minute'), '0.756/min'],
    [formatRatio(1.305), '1.3x'],
  ];
  for (const [actual, expected] of table) assert.equal(actual, expected);
});

test('one run has no range', () => {
  const format = (value: number): string => `<${value}>`;
  assert.equal(formatSummary({ median: 2, min: 1, max: 4, count: 3 }, format), '<2> (<1>–<4>)');
  assert.equal(formatSummary({ median: 2, min: 2, max: 2, count: 1 }, format), '<2>');
});
