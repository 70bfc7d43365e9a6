import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Clock } from '../kit/clock.ts';
import { createAlarms } from './alarms.ts';

test('it rings at each time once, and never before it, though timers may be early', async () => {
  const virtual = new VirtualClock();
  // As node does: whole milliseconds, counted from the beginning of one.
  const early: Clock = {
    now: () => virtual.now(),
    wallMs: () => 0,
    after: (ms, fn) => virtual.after(ms > 1 ? ms - 0.6 : ms, fn),
  };
  const rung: number[] = [];
  const alarms = createAlarms(early, () => rung.push(virtual.now()));
  alarms.at(300);
  alarms.at(300);
  alarms.at(Infinity);
  alarms.at(0);
  await virtual.advance(1000);
  assert.deepEqual(rung, [0, 300]);
  alarms.at(2000);
  alarms.after(10, () => assert.fail('cleared'));
  alarms.clear();
  await virtual.advance(2000);
  assert.deepEqual([rung.length, virtual.pending], [2, 0]);
});
