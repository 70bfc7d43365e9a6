import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBus } from './bus.ts';
import type { RondoEvent } from './events.ts';

const notice = (message: string): RondoEvent => ({ type: 'notice', level: 'info', message });

test('every sink hears every event until it leaves', () => {
  const bus = createBus(() => assert.fail());
  const heard: string[] = [];
  const leave = bus.subscribe((event) => heard.push(`a ${event.type === 'notice' ? event.message : ''}`));
  bus.subscribe((event) => heard.push(`b ${event.type === 'notice' ? event.message : ''}`));
  bus.emit(notice('1'));
  leave();
  bus.emit(notice('2'));
  assert.deepEqual(heard, ['a 1', 'b 1', 'b 2']);
});

test('a sink that throws is dropped and reported; the others and the caller do not notice', () => {
  const errors: unknown[] = [];
  const bus = createBus((error) => errors.push(error));
  let heard = 0;
  bus.subscribe(() => {
    throw new Error('disk full');
  });
  bus.subscribe(() => (heard += 1));
  bus.emit(notice('1'));
  bus.emit(notice('2'));
  assert.deepEqual([heard, errors.length], [2, 1]);
});
