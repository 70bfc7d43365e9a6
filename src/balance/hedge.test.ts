import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHedgeTokens, hedgeDelayMs, type HedgeSettings } from './hedge.ts';

const SETTINGS: HedgeSettings = {
  minMs: 20,
  maxMs: 1000,
  firstMs: 300,
  samples: 20,
  tokens: 10,
  perRequest: 0.05,
};

test('the delay is the 95th percentile of the fastest, within bounds, once it is known', () => {
  const p95 = (p95Ms: number, samples = 20): { p50Ms: number; p95Ms: number; samples: number } => ({
    p50Ms: p95Ms / 2,
    p95Ms,
    samples,
  });
  const table: [string, number | undefined, (number | undefined)[], number][] = [
    ['nobody is known', undefined, [undefined, undefined], 300],
    ['the fastest counts', 50, [50, 400], 50],
    ['a little slower: as long as itself', 60, [50, 60], 60],
    ['much slower: twice the fastest', 1200, [50, 1200], 100],
    ['not known itself', undefined, [50, undefined], 50],
    ['not below 20 ms', 2, [2, 3], 20],
    ['not above a second', 5000, [5000, undefined], 1000],
  ];
  for (const [name, own, all, expected] of table) {
    const windows = all.map((ms) => (ms === undefined ? undefined : p95(ms)));
    assert.equal(hedgeDelayMs(own === undefined ? undefined : p95(own), windows, SETTINGS), expected, name);
  }
  assert.equal(hedgeDelayMs(p95(50, 19), [p95(50, 19)], SETTINGS), 300, '19 answers are too few');
});

test('ten at once, then one in twenty requests; none where hedging is off', () => {
  const tokens = createHedgeTokens(() => SETTINGS);
  let hedges = 0;
  for (let n = 0; n < 1000; n += 1) {
    tokens.earn();
    if (tokens.spend()) hedges += 1;
  }
  assert.ok(hedges >= 59 && hedges <= 60, String(hedges));
  for (let n = 0; n < 1000; n += 1) tokens.earn();
  assert.equal(tokens.left(), 10);
  const off = createHedgeTokens(() => ({ ...SETTINGS, tokens: 0 }));
  off.earn();
  assert.equal(off.spend(), false);
});

test('with fewer tokens than are left, those are gone with the next request', () => {
  let settings = SETTINGS;
  const tokens = createHedgeTokens(() => settings);
  settings = { ...SETTINGS, tokens: 1 };
  tokens.earn();
  assert.deepEqual([tokens.spend(), tokens.spend()], [true, false]);
});
