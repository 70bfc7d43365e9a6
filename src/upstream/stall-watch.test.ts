import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { watchStalls, type StallWatch } from './stall-watch.ts';

const LIMITS = { bodyIdleMs: 10_000, minRateBytesPerS: 1000, minRateWindowMs: 30_000 };

function start(): { clock: VirtualClock; watch: StallWatch; stalls: string[] } {
  const clock = new VirtualClock();
  const stalls: string[] = [];
  return { clock, stalls, watch: watchStalls(LIMITS, clock, (cause) => stalls.push(cause)) };
}

test('ten seconds of waiting without a byte are too long, a little less is not', async () => {
  const { clock, watch, stalls } = start();
  watch.waiting();
  await clock.advance(9_999);
  assert.deepEqual(stalls, []);
  await clock.advance(1);
  assert.deepEqual(stalls, ['body-idle']);
  assert.equal(clock.pending, 0);
});

test('each byte begins the ten seconds anew', async () => {
  const { clock, watch, stalls } = start();
  for (let round = 0; round < 3; round += 1) {
    watch.waiting();
    await clock.advance(9_000);
    watch.arrived(100_000);
  }
  assert.deepEqual(stalls, []);
});

test('a drip is too slow after the window, however its bytes fall', async () => {
  for (const everyMs of [100, 700, 3_000, 5_000]) {
    const { clock, watch, stalls } = start();
    let waitedMs = 0;
    while (stalls.length === 0 && waitedMs < 100_000) {
      watch.waiting();
      await clock.advance(everyMs);
      watch.arrived(everyMs / 2);
      waitedMs += everyMs;
    }
    assert.deepEqual(stalls, ['body-slow']);
    assert.ok(waitedMs >= 30_000 && waitedMs <= 36_000, `every ${everyMs} ms: ended after ${waitedMs} ms`);
  }
});

test('a burst pays for its window and no longer', async () => {
  const { clock, watch, stalls } = start();
  let waitedMs = 0;
  watch.waiting();
  watch.arrived(10_000_000);
  while (stalls.length === 0 && waitedMs < 100_000) {
    watch.waiting();
    await clock.advance(1_000);
    watch.arrived(10);
    waitedMs += 1_000;
  }
  assert.ok(waitedMs >= 30_000 && waitedMs <= 36_000, `ended after ${waitedMs} ms`);
});

test('just fast enough goes on', async () => {
  const { clock, watch, stalls } = start();
  for (let second = 0; second < 100; second += 1) {
    watch.waiting();
    await clock.advance(1_000);
    watch.arrived(1_100);
  }
  assert.deepEqual(stalls, []);
});

test('a slow reader is not the sender’s fault', async () => {
  const { clock, watch, stalls } = start();
  for (let round = 0; round < 20; round += 1) {
    watch.waiting();
    await clock.advance(1);
    watch.arrived(1);
    await clock.advance(60_000);
  }
  assert.deepEqual(stalls, []);
  assert.equal(clock.pending, 0);
});

test('nothing happens after stop', async () => {
  const { clock, watch, stalls } = start();
  watch.waiting();
  watch.stop();
  watch.stop();
  await clock.advance(100_000);
  assert.deepEqual(stalls, []);
});
