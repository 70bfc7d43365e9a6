import { env } from 'node:process';

/** How often a property is tried: `inCi` times, or `RONDO_FUZZ` times as often. */
export function fuzzRuns(inCi: number): { numRuns: number } {
  return { numRuns: Math.ceil(inCi * Number(env['RONDO_FUZZ'] ?? 1)) };
}

/** An answer as fuzz tests compare it: what `fn` gives, or null where it throws. */
export function orNull<T>(fn: () => T): T | null {
  try {
    return fn();
  } catch {
    return null;
  }
}
