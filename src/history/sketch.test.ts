import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ACCURACY, bucketOf, addSketch, parseSketch, quantileMs, sketchText, type Sketch } from './sketch.ts';

function sketchOf(times: readonly number[]): Sketch {
  const sketch = new Map<number, number>();
  for (const ms of times) addSketch(sketch, new Map([[bucketOf(ms), 1]]));
  return sketch;
}

const TIMES = fc.array(fc.double({ min: 0.001, max: 86_400_000, noNaN: true }), { minLength: 1 });

test('every quantile is right to 2%, whatever was measured', () => {
  fc.assert(
    fc.property(TIMES, fc.double({ min: 0, max: 1, noNaN: true }), (times, quantile) => {
      const sorted = times.toSorted((a, b) => a - b);
      const right = sorted[Math.max(1, Math.ceil(quantile * times.length)) - 1] ?? NaN;
      const told = quantileMs(sketchOf(times), quantile) ?? NaN;
      assert.ok(Math.abs(told - right) <= right * ACCURACY * 1.000_001, `${told} for ${right}`);
    }),
  );
});

test('what is kept is what was measured, and two of them add up', () => {
  fc.assert(
    fc.property(TIMES, TIMES, (some, more) => {
      const both = new Map(sketchOf(some));
      addSketch(both, sketchOf(more));
      assert.deepEqual(both, sketchOf([...some, ...more]));
      assert.deepEqual(parseSketch(sketchText(both)), both);
    }),
  );
});

test('nothing measured has no quantile; what is no sketch counts as none', () => {
  assert.equal(quantileMs(new Map(), 0.5), undefined);
  assert.equal(parseSketch('').size, 0);
  for (const text of ['x', '1:0', '1:-1', '99999:1', '1:1  2:1', '1:1;', '1:9999999999999999'])
    assert.equal(parseSketch(text).size, 0, text);
});

test('times beyond all sense stay within what can be kept', () => {
  for (const ms of [0, -1, 1e-9, 1e300, Infinity]) {
    const sketch = parseSketch(sketchText(sketchOf([ms])));
    assert.ok((quantileMs(sketch, 0.5) ?? NaN) > 0, String(ms));
  }
});
