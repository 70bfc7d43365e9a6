import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { GaugeReading } from './metrics.ts';
import { measurePauses } from './pauses.ts';

const longest = (readings: readonly GaugeReading[], name: string): number =>
  readings.find((reading) => reading.name === name && reading.labels['q'] === '1')?.value ?? 0;

test('an event loop that was held up is seen at its 99.9th percentile, and forgotten after it was read', async (t) => {
  const clock = new VirtualClock();
  const pauses = measurePauses(clock);
  t.after(() => pauses.stop());
  // The monitor's own timer has to run before and after: that is waited for, not timed.
  await wait(50);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  await wait(50);
  const read = pauses.read();
  const quantiles = read
    .filter(({ name }) => name === 'event_loop_delay_seconds')
    .map(({ labels }) => labels);
  assert.deepEqual(quantiles, [{ q: '0.5' }, { q: '0.99' }, { q: '0.999' }, { q: '1' }]);
  const seen = longest(read, 'event_loop_delay_seconds');
  assert.ok(seen >= 0.2, `it was held up for 300 ms, and says ${seen} s`);
  assert.equal(pauses.read(), read, 'whoever asks right after that sees the same');
  await clock.advance(10_000);
  assert.ok(longest(pauses.read(), 'event_loop_delay_seconds') < seen);
});
