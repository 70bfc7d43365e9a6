import type { Random } from '../../src/kit/random.ts';

/**
 * When requests of an open loop are due, in milliseconds from its start: a Poisson process of
 * `ratePerSecond` over `durationMs`, ascending. Nobody's answer delays the next request, so a server that
 * stalls is asked all the same and every wait counts.
 */
export function poissonArrivals(ratePerSecond: number, durationMs: number, random: Random): Float64Array {
  const due: number[] = [];
  const meanMs = 1000 / ratePerSecond;
  // 1 - random() is never 0, whose logarithm is infinite.
  for (let atMs = 0; ;) {
    atMs -= Math.log(1 - random()) * meanMs;
    if (atMs >= durationMs) return Float64Array.from(due);
    due.push(atMs);
  }
}
