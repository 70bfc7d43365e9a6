import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshnessFactors } from './freshness.ts';

test('who is behind the freshest by 300 s gives its lists up; the freshest never, nor who is not known', () => {
  const settings = { behindMs: 300_000 };
  const table: [(number | undefined)[], number[]][] = [
    [
      [0, 0],
      [1, 1],
    ],
    [
      [0, 299_999, 300_000],
      [1, 1, 0.1],
    ],
    [
      [undefined, 900_000],
      [1, 1],
    ],
    [
      [undefined, 900_000, 1000],
      [1, 0.1, 1],
    ],
    [
      [7_000_000, 7_100_000],
      [1, 1],
    ],
    [[], []],
  ];
  for (const [lags, expected] of table) assert.deepEqual(freshnessFactors(lags, settings), expected);
});
