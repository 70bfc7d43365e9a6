import type { Clock } from '../kit/clock.ts';
import type { Collected } from './collector.ts';

/**
 * Remembers that a copy could not be made as small as it has to be: whoever writes the next file would only look at the
 * same files again, of which there may be a hundred thousand.
 */
export type Fruitless = {
  /** Whether giving something up has just brought too little. */
  isResting(): boolean;
  /** Settles as `collect` does, and learns from it. */
  try(collect: () => Promise<Collected>): Promise<Collected>;
};

/** Something went, so that soon some more may. To look at one that stays takes some ten µs: so a hundredth of the time, up to `restMs`. */
const REST_PER_STAYED_MS = 1;
const LEAST_REST_MS = 1_000;

/** `restMs`: so long is nothing tried where nothing at all could be given up. */
export function createFruitless(clock: Clock, restMs: number): Fruitless {
  let untilMs = -Infinity;
  const rest = ({ files, stayed, why }: Collected): number => {
    // Another one may have made the room while this one waited for its turn.
    if (files === 0) return why === 'enough' ? 0 : restMs;
    if (why !== 'nothing-left') return 0;
    return Math.min(restMs, Math.max(LEAST_REST_MS, REST_PER_STAYED_MS * stayed));
  };
  return {
    isResting: () => clock.now() < untilMs,
    async try(collect) {
      const collected = await collect();
      untilMs = clock.now() + rest(collected);
      return collected;
    },
  };
}
