import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addSample, raiseSample, type DecayedMean } from './decayed-mean.ts';

const tauMs = 10_000;

function meanOf(samples: readonly (readonly [value: number, atMs: number])[]): DecayedMean {
  let mean: DecayedMean | undefined;
  for (const [value, nowMs] of samples) mean = addSample(mean, value, { nowMs, tauMs });
  return mean ?? assert.fail('no sample');
}

test('a burst is a plain mean, whatever its order', () => {
  const burst = meanOf([
    [30, 0],
    [60, 0],
    [90, 0],
  ]);
  assert.deepEqual([burst.value, burst.weight], [60, 3]);
});

test('after tau a sample counts a third, after five it hardly counts', () => {
  const later = (ms: number): number =>
    meanOf([
      [100, 0],
      [0, ms],
    ]).value;
  assert.ok(Math.abs(later(tauMs) - 100 / (1 + Math.E)) < 1e-9);
  assert.ok(later(5 * tauMs) < 1);
});

test('with many samples it follows a change within tau, as the usual moving average does', () => {
  const samples = Array.from({ length: 2000 }, (_, n): [number, number] => [n < 1000 ? 40 : 1200, n * 10]);
  const share = (meanOf(samples).value - 40) / 1160;
  assert.ok(Math.abs(share - (1 - 1 / Math.E) / (1 - Math.E ** -2)) < 0.01, String(share));
});

test('it stays within its samples, and time never runs backwards in it', () => {
  const sample = fc.tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.nat(100_000));
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 50 }), (samples) => {
      const { value, weight } = meanOf(samples);
      const values = samples.map(([each]) => each);
      assert.ok(value >= Math.min(...values) - 1e-6 && value <= Math.max(...values) + 1e-6);
      assert.ok(weight > 0 && weight <= samples.length + 1e-9);
    }),
  );
});

test('a sample that goes on growing counts as if it had been so large from the beginning', () => {
  const sample = fc.tuple(fc.double({ min: 0, max: 1e5, noNaN: true }), fc.nat(20_000));
  fc.assert(
    fc.property(
      fc.array(sample, { minLength: 1, maxLength: 20 }),
      fc.nat(19),
      fc.double({ min: 0, max: 1e5, noNaN: true }),
      (unsorted, which, more) => {
        const samples = unsorted.toSorted((a, b) => a[1] - b[1]);
        const [value, sampledAtMs] = samples[which] ?? samples[0] ?? assert.fail('none');
        const chosen = which < samples.length ? which : 0;
        const large = samples.map((each, n): [number, number] =>
          n === chosen ? [value + more, each[1]] : each,
        );
        const raised = raiseSample(meanOf(samples), more, { sampledAtMs, tauMs });
        const expected = meanOf(large);
        assert.ok(Math.abs(raised.value - expected.value) <= 1e-6 * Math.max(1, expected.value));
        assert.deepEqual([raised.weight, raised.atMs], [expected.weight, expected.atMs]);
      },
    ),
  );
});
