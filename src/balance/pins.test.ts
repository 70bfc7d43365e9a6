import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPins, pinHolds } from './pins.ts';

test('a pin lasts its time, is renewed, and is dropped only with its own mirror', () => {
  const pins = createPins(() => 60_000);
  pins.set('m', 'a', 0);
  assert.equal(pins.get('m', 59_999), 'a');
  assert.equal(pins.get('m', 60_000), undefined);
  pins.set('m', 'b', 60_000);
  pins.drop('m', 'a');
  assert.equal(pins.get('m', 60_001), 'b');
  pins.drop('m', 'b');
  assert.equal(pins.get('m', 60_001), undefined);
});

test('the oldest pin makes room', () => {
  const pins = createPins(() => 60_000, 2);
  pins.set('1', 'a', 0);
  pins.set('2', 'a', 1);
  pins.set('1', 'a', 2);
  pins.set('3', 'a', 3);
  assert.deepEqual(
    ['1', '2', '3'].map((module) => pins.get(module, 4)),
    ['a', undefined, 'a'],
  );
});

test('0 switches pins off', () => {
  const pins = createPins(() => 0);
  pins.set('m', 'a', 0);
  assert.equal(pins.get('m', 0), undefined);
});

test('a pin does not hold after a failure, nor to a mirror more than twice as slow as the best', () => {
  const settings = { lastMs: 60_000, debt: 8, slowdown: 2 };
  const table = [
    [{ failures: 0, usualMs: 80, bestMs: 40 }, true],
    [{ failures: 0, usualMs: 81, bestMs: 40 }, false],
    [{ failures: 1, usualMs: 40, bestMs: 40 }, false],
    [{ failures: 0, usualMs: undefined, bestMs: 40 }, true],
    [{ failures: 0, usualMs: undefined, bestMs: undefined }, true],
  ] as const;
  for (const [mirror, expected] of table) assert.equal(pinHolds(mirror, settings), expected);
});
