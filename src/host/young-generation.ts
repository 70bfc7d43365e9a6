import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import type { Clock } from '../kit/clock.ts';

const CHECK_MS = 250;
/** V8 goes to 64 MiB by itself. With less, small answers take more CPU time; with more, nothing is won. */
const ENOUGH_BYTES = 24 * 2 ** 20;

/**
 * Keeps V8 from enlarging the part of its heap in which objects begin, once that has `enoughBytes`. A thousand
 * clients of one zip would otherwise have it grow to 64 MiB, which it does not give back while anybody asks. V8
 * has an option for it, but reads that before any program runs; it reads the factor of growth each time.
 */
export function boundYoungGeneration(clock: Clock, enoughBytes: number = ENOUGH_BYTES): void {
  const check = (): void => {
    const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if (space === undefined) return;
    if (space.space_size >= enoughBytes) setFlagsFromString('--semi-space-growth-factor=1');
    else clock.after(CHECK_MS, check, { background: true });
  };
  check();
}
