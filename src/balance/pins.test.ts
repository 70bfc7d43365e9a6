import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPins } from './pins.ts';

test('a pin lasts its time, is renewed, and is dropped only with its own mirror', () => {
  const pins = createPins(60_000);
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
  const pins = createPins(60_000, 2);
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
  const pins = createPins(0);
  pins.set('m', 'a', 0);
  assert.equal(pins.get('m', 0), undefined);
});
