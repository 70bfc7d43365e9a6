import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Clock } from './clock.ts';
import { createLagWatch } from './lag-watch.ts';

test('a clock whose timers come late is a machine that lags', async () => {
  const clock = new VirtualClock();
  let busyMs = 0;
  const slow: Clock = {
    now: () => clock.now() + busyMs,
    wallMs: () => 0,
    after: (ms, fn) => clock.after(ms, fn),
  };
  const watch = createLagWatch(slow, () => 250);
  const end = watch.begin();
  await clock.advance(1400);
  assert.equal(watch.lagging(), false);
  busyMs = 300;
  assert.equal(watch.lagging(), false, 'overdue by less than the limit');
  busyMs = 400;
  assert.equal(watch.lagging(), true, 'overdue, though the watch has not looked yet');
  await clock.advance(100);
  assert.equal(watch.lagging(), true, 'a moment ago');
  await clock.advance(1000);
  assert.equal(watch.lagging(), false);
  end();
  end();
  assert.equal(clock.pending, 0);
});

test('it looks only while something is under way', async () => {
  const clock = new VirtualClock();
  const watch = createLagWatch(clock, () => 250);
  assert.equal(clock.pending, 0);
  const ends = [watch.begin(), watch.begin()];
  assert.equal(clock.pending, 1);
  await clock.advance(10_000);
  ends[0]?.();
  ends[0]?.();
  assert.equal(clock.pending, 1);
  ends[1]?.();
  assert.equal(clock.pending, 0);
  await clock.advance(10_000);
  assert.equal(watch.lagging(), false);
});
