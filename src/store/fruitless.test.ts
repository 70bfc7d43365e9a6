import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Collected } from './collector.ts';
import { createFruitless } from './fruitless.ts';

test('how long nothing is tried after a try', async () => {
  const table: [Omit<Collected, 'bytes'>, number][] = [
    [{ files: 3, stayed: 9000, why: 'enough' }, 0],
    [{ files: 0, stayed: 0, why: 'enough' }, 0],
    [{ files: 3, stayed: 9000, why: 'busy' }, 0],
    [{ files: 0, stayed: 9000, why: 'nothing-left' }, 60_000],
    [{ files: 0, stayed: 0, why: 'no-index' }, 60_000],
    [{ files: 3, stayed: 20, why: 'nothing-left' }, 1000],
    [{ files: 3, stayed: 9000, why: 'nothing-left' }, 9000],
    [{ files: 3, stayed: 900_000, why: 'nothing-left' }, 60_000],
  ];
  for (const [said, restMs] of table) {
    const clock = new VirtualClock();
    const fruitless = createFruitless(clock, 60_000);
    assert.equal(fruitless.isResting(), false);
    const collected = { ...said, bytes: 0 };
    assert.equal(await fruitless.try(() => Promise.resolve(collected)), collected);
    if (restMs === 0) {
      assert.equal(fruitless.isResting(), false, JSON.stringify(said));
      continue;
    }
    await clock.advance(restMs - 1);
    assert.equal(fruitless.isResting(), true, JSON.stringify(said));
    await clock.advance(1);
    assert.equal(fruitless.isResting(), false, JSON.stringify(said));
  }
});
