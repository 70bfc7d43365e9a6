import { env } from 'node:process';
import type { Parameters } from 'fast-check';

/** How often a property is tried: `inCi` times, or `RONDO_FUZZ` times as often. */
export function fuzzRuns(inCi: number): { numRuns: number } {
  return { numRuns: Math.ceil(inCi * Number(env['RONDO_FUZZ'] ?? 1)) };
}

/**
 * The same for a property over many cases at once, whose assertion names the one that failed: nothing is shrunk,
 * and the others are not printed.
 */
export function fuzzBatches<T>(inCi: number): Parameters<T> {
  return {
    ...fuzzRuns(inCi),
    endOnFailure: true,
    reporter({ failed, seed, counterexamplePath, errorInstance }) {
      if (failed) throw new Error(`seed ${seed}, path ${counterexamplePath}`, { cause: errorInstance });
    },
  };
}

/** An answer as fuzz tests compare it: what `fn` gives, or null where it throws. */
export function orNull<T>(fn: () => T): T | null {
  try {
    return fn();
  } catch {
    return null;
  }
}
