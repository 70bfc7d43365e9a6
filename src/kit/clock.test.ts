import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { sleep, systemClock } from './clock.ts';

test('sleep ends in its time, or at once with the reason of an abort, and leaves no timer', async () => {
  const clock = new VirtualClock();
  let slept = false;
  void sleep(clock, 1000).then(() => (slept = true));
  await clock.advance(999);
  assert.equal(slept, false);
  await clock.advance(1);
  assert.equal(slept, true);

  const abort = new AbortController();
  const cut = sleep(clock, 1000, abort.signal);
  abort.abort(new Error('enough'));
  await assert.rejects(cut, /enough/);
  await assert.rejects(sleep(clock, 1000, abort.signal), /enough/);
  assert.equal(clock.pending, 0);
});

test('the system clock: a cancelled timer does not fire, monotonic time does not go back', async () => {
  let fired = 0;
  systemClock.after(1, () => (fired += 1)).cancel();
  const before = systemClock.now();
  await sleep(systemClock, 5);
  assert.equal(fired, 0);
  assert.ok(systemClock.now() >= before);
});
