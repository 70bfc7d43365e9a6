import { createHistogram, PerformanceObserver, type RecordableHistogram } from 'node:perf_hooks';
import type { Clock } from '../kit/clock.ts';
import type { GaugeReading } from './metrics.ts';

/** How long this process kept everybody waiting. */
export type Pauses = { read(): GaugeReading[]; stop(): void };

/** How often the event loop is asked whether it is late. */
const EVERY_MS = 10;
/** A machine that was asleep is no reason to count for long. */
const MAX_TURNS = 1000;
/** Two who scrape the same Rondo see the same: what is shown is of the time since then at most. */
const FRESH_MS = 10_000;
const QUANTILES = ['0.5', '0.99', '0.999', '1'] as const;
const NS_PER_S = 1e9;
const NS_PER_MS = 1e6;

/**
 * Measures the delay of the event loop and the pauses for garbage collection from now on; `read` tells their quantiles of
 * the time since the last reading, up to the 99.9th (operations.md: under 47 ms under load) and the longest.
 */
export function measurePauses(clock: Clock): Pauses {
  const delays = createHistogram();
  const collections = createHistogram();
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) record(collections, duration);
  });
  observer.observe({ entryTypes: ['gc'] });
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    recordTurn(delays, nowMs - lastMs - EVERY_MS);
    lastMs = nowMs;
  }, EVERY_MS);
  timer.unref();
  let kept: GaugeReading[] = [];
  let keptAtMs = -Infinity;
  return {
    read() {
      if (clock.now() - keptAtMs < FRESH_MS) return kept;
      keptAtMs = clock.now();
      kept = [
        ...quantilesOf(
          delays,
          'event_loop_delay_seconds',
          'How late the event loop was, lately, by quantile',
        ),
        ...quantilesOf(
          collections,
          'gc_pause_seconds',
          'How long a garbage collection took, lately, by quantile',
        ),
      ];
      delays.reset();
      collections.reset();
      return kept;
    },
    stop() {
      clearInterval(timer);
      observer.disconnect();
    },
  };
}

/**
 * Counts that a turn which was due came `lateMs` late, and with it those that were due meanwhile and did not come: whoever
 * asks while the loop is held up waits, however seldom it is looked at then. Without them a loop that is held up for 100 ms
 * in every 5 s is late in one of 491 turns, and is so for one of 50 who ask. (perf_hooks' monitorEventLoopDelay counts
 * the one.)
 */
export function recordTurn(delays: RecordableHistogram, lateMs: number): void {
  const everyMs = Math.max(EVERY_MS, lateMs / MAX_TURNS);
  record(delays, lateMs);
  for (let leftMs = lateMs - everyMs; leftMs > 0; leftMs -= everyMs) record(delays, leftMs);
}

/** A histogram has no 0. */
function record(histogram: RecordableHistogram, ms: number): void {
  histogram.record(Math.max(1, Math.round(ms * NS_PER_MS)));
}

function quantilesOf(histogram: RecordableHistogram, name: string, help: string): GaugeReading[] {
  return QUANTILES.map((q) => {
    const ns = histogram.count === 0 ? 0 : histogram.percentile(Number(q) * 100);
    return { name, help, labels: { q }, value: ns / NS_PER_S };
  });
}
