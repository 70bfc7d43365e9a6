import { createHistogram, monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import type { Clock } from '../kit/clock.ts';
import type { GaugeReading } from './metrics.ts';

/** How long this process kept everybody waiting. */
export type Pauses = { read(): GaugeReading[]; stop(): void };

/** How often the event loop is asked whether it is late; what it reports has this in it. */
const RESOLUTION_MS = 10;
/** Two who scrape the same Rondo see the same: what is shown is of the time since then at most. */
const FRESH_MS = 10_000;
const QUANTILES = ['0.5', '0.99', '0.999', '1'] as const;
const NS_PER_S = 1e9;

/**
 * Measures the delay of the event loop and the pauses for garbage collection from now on; `read` tells their quantiles of
 * the time since the last reading, up to the 99.9th (operations.md: under 47 ms under load) and the longest.
 */
export function measurePauses(clock: Clock): Pauses {
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const collections = createHistogram();
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collections.record(Math.max(1, Math.round(duration * 1e6)));
  });
  loop.enable();
  observer.observe({ entryTypes: ['gc'] });
  let kept: GaugeReading[] = [];
  let keptAtMs = -Infinity;
  return {
    read() {
      if (clock.now() - keptAtMs < FRESH_MS) return kept;
      keptAtMs = clock.now();
      const late = (ns: number): number => Math.max(0, ns - RESOLUTION_MS * 1e6) / NS_PER_S;
      kept = QUANTILES.flatMap((q) => {
        const percent = Number(q) * 100;
        const labels = { q };
        return [
          {
            name: 'event_loop_delay_seconds',
            help: 'How late the event loop was, lately, by quantile',
            labels,
            value: loop.count === 0 ? 0 : late(loop.percentile(percent)),
          },
          {
            name: 'gc_pause_seconds',
            help: 'How long a garbage collection took, lately, by quantile',
            labels,
            value: collections.count === 0 ? 0 : collections.percentile(percent) / NS_PER_S,
          },
        ];
      });
      loop.reset();
      collections.reset();
      return kept;
    },
    stop() {
      loop.disable();
      observer.disconnect();
    },
  };
}
