import assert from 'node:assert/strict';
import { createHistogram } from 'node:perf_hooks';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { until } from '../../test/support/until.ts';
import type { GaugeReading } from './metrics.ts';
import { measurePauses, recordTurn } from './pauses.ts';

const DELAY = 'event_loop_delay_seconds';

const at = (readings: readonly GaugeReading[], name: string, q: string): number =>
  readings.find((reading) => reading.name === name && reading.labels['q'] === q)?.value ?? 0;

/** Nothing runs meanwhile. */
function hold(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

test('an event loop that was held up is seen at its 99.9th percentile, and forgotten after it was read', async (t) => {
  const clock = new VirtualClock();
  const pauses = measurePauses(clock);
  t.after(() => pauses.stop());
  // The timer has to run before and after: that is waited for, not timed.
  await wait(50);
  hold(300);
  await wait(50);
  const read = pauses.read();
  const quantiles = read.filter(({ name }) => name === DELAY).map(({ labels }) => labels);
  assert.deepEqual(quantiles, [{ q: '0.5' }, { q: '0.99' }, { q: '0.999' }, { q: '1' }]);
  const seen = at(read, DELAY, '0.999');
  assert.ok(seen >= 0.2, `it was held up for 300 ms, and says ${seen} s`);
  // Of the time, and not of the turns: three quarters of it nobody was served.
  assert.ok(at(read, DELAY, '0.5') >= 0.05, `and ${at(read, DELAY, '0.5')} s of half of the time`);
  assert.equal(pauses.read(), read, 'whoever asks right after that sees the same');
  await clock.advance(10_000);
  assert.ok(at(pauses.read(), DELAY, '1') < seen);
});

test('a loop that is held up for 100 ms in every 5 s is late by its 99th percentile', () => {
  const delays = createHistogram();
  for (let minute = 0; minute < 12; minute += 1) {
    for (let turn = 0; turn < 490; turn += 1) recordTurn(delays, 0.1);
    recordTurn(delays, 100);
  }
  const ms = (percent: number): number => delays.percentile(percent) / 1e6;
  assert.ok(ms(99.9) > 90 && ms(99.9) < 101, `${ms(99.9)} ms`);
  assert.ok(ms(99) > 40 && ms(99) < 60, `${ms(99)} ms`);
  assert.ok(ms(97) < 1, `${ms(97)} ms`);
});

test('a machine that was asleep for a day is counted in a moment', () => {
  const delays = createHistogram();
  recordTurn(delays, 24 * 3_600_000);
  assert.ok(delays.count <= 1001);
});

test('collections of garbage are seen with how long they took', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const clock = new VirtualClock();
  const pauses = measurePauses(clock);
  t.after(() => pauses.stop());
  collect();
  // An observer is told in a later turn.
  await until('a collection was seen', async () => {
    await clock.advance(10_000);
    return at(pauses.read(), 'gc_pause_seconds', '0.999') > 0;
  });
});
