import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LatencyWindow } from './latency-window.ts';

test('quantiles by nearest rank, whatever the order', () => {
  const window = new LatencyWindow();
  assert.equal(window.quantiles(0), undefined);
  window.add(30, 0);
  assert.deepEqual(window.quantiles(0), { p50Ms: 30, p95Ms: 30, samples: 1 });
  for (let ms = 100; ms >= 1; ms -= 1) if (ms !== 30) window.add(ms, 0);
  assert.deepEqual(window.quantiles(0), { p50Ms: 50, p95Ms: 95, samples: 100 });
});

test('only the last 256 answers count, and only those of the last five minutes', () => {
  const window = new LatencyWindow();
  for (let n = 0; n < 300; n += 1) window.add(n < 44 ? 9000 : 10, 0);
  assert.deepEqual(window.quantiles(0), { p50Ms: 10, p95Ms: 10, samples: 256 });
  window.add(77, 200_000);
  assert.equal(window.quantiles(300_000)?.samples, 256);
  assert.deepEqual(window.quantiles(300_001), { p50Ms: 77, p95Ms: 77, samples: 1 });
  assert.equal(window.quantiles(500_001), undefined);
});
