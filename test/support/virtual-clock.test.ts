import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep } from '../../src/kit/clock.ts';
import { seededRandom } from './seeded-random.ts';
import { VirtualClock } from './virtual-clock.ts';

test('timers fire in the order of their time, then of their making, each at its own now()', async () => {
  const clock = new VirtualClock(100);
  const fired: [string, number][] = [];
  const note = (name: string) => (): void => void fired.push([name, clock.now()]);
  clock.after(30, note('c'));
  clock.after(10, note('a'));
  clock.after(10, note('b'));
  clock.after(31, note('late'));
  await clock.advance(30);
  assert.deepEqual(fired, [
    ['a', 110],
    ['b', 110],
    ['c', 130],
  ]);
  assert.equal(clock.now(), 130);
  assert.equal(clock.pending, 1);
});

test('a chain of sleeps made on the way is followed within one advance', async () => {
  const clock = new VirtualClock();
  const woke: number[] = [];
  const chain = (async () => {
    for (let step = 0; step < 5; step++) {
      await sleep(clock, 10);
      woke.push(clock.now());
    }
  })();
  await clock.advance(49);
  assert.deepEqual(woke, [10, 20, 30, 40]);
  await clock.advance(1);
  await chain;
  assert.equal(clock.pending, 0);
});

test('a cancelled timer never fires and is not pending', async () => {
  const clock = new VirtualClock();
  const timer = clock.after(5, () => assert.fail('fired'));
  timer.cancel();
  timer.cancel();
  assert.equal(clock.pending, 0);
  await clock.advance(10);
});

test('the wall clock moves with time, and alone when it jumps', async () => {
  const clock = new VirtualClock(7);
  const wallMs = clock.wallMs();
  await clock.advance(1000);
  assert.equal(clock.wallMs(), wallMs + 1000);
  clock.wallJump(-3_600_000);
  assert.equal(clock.wallMs(), wallMs + 1000 - 3_600_000);
  assert.equal(clock.now(), 1007);
});

test('a seed replays its numbers, which fill [0, 1) evenly', () => {
  const first = seededRandom(42);
  const second = seededRandom(42);
  const counts: number[] = Array.from({ length: 10 }, () => 0);
  for (let draw = 0; draw < 10_000; draw++) {
    const value = first();
    assert.equal(second(), value);
    assert.ok(value >= 0 && value < 1);
    const bucket = Math.floor(value * 10);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  assert.ok(Math.min(...counts) > 850 && Math.max(...counts) < 1150, counts.join(' '));
  assert.notEqual(seededRandom(43)(), seededRandom(42)());
});
