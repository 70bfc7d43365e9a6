import type { Random } from '../../src/kit/random.ts';

/**
 * The mulberry32 generator: the same `seed` (a 32-bit integer) always yields the same numbers in [0, 1).
 * A test that uses it prints the seed when it fails.
 */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
