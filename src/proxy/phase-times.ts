import type { Clock } from '../kit/clock.ts';
import type { Timings } from './reply.ts';

/** Adds up what the phases of some work take. */
export type PhaseTimes<P extends string> = {
  /** Runs a task; what it takes counts for `phase`, however it ends. */
  timed<T>(phase: P, task: () => Promise<T>): Promise<T>;
  /** Milliseconds so far, in the order of the phases. */
  timings(): Timings;
};

/** None of the `phases` has taken any time yet. */
export function createPhaseTimes<P extends string>(phases: readonly P[], clock: Clock): PhaseTimes<P> {
  const spentMs = new Map(phases.map((phase) => [phase, 0]));
  return {
    async timed(phase, task) {
      const startMs = clock.now();
      try {
        return await task();
      } finally {
        spentMs.set(phase, (spentMs.get(phase) ?? 0) + clock.now() - startMs);
      }
    },
    timings: () => [...spentMs].map(([name, ms]) => ({ name, ms })),
  };
}
