import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { inTime, LATE } from './in-time.ts';

test('what comes in time is passed on, and no timer stays', async () => {
  const clock = new VirtualClock();
  assert.equal(await inTime(Promise.resolve(1), 100, clock), 1);
  await assert.rejects(inTime(Promise.reject(new Error('no')), 100, clock), /no/);
  assert.equal(clock.pending, 0);
});

test('what comes later is late, and its failure is nobody’s', async () => {
  const clock = new VirtualClock();
  const task = Promise.withResolvers<number>();
  const waiting = inTime(task.promise, 100, clock);
  await clock.advance(99);
  assert.equal(clock.pending, 1);
  await clock.advance(1);
  assert.equal(await waiting, LATE);
  task.reject(new Error('too late to be heard'));
  await clock.advance(0);
  assert.equal(clock.pending, 0);
});
