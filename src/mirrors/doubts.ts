import type { Clock } from '../kit/clock.ts';
import type { Mirror } from './mirror.ts';

/**
 * Failures of one question that may be its own doing: whoever asks for what lies on a server that hangs makes each
 * mirror slow. A mirror is charged for them once the question is known to have an answer (ADR 0035).
 */
export type Doubts = {
  /**
   * `mirror` has failed in such a way: `charge` is called now if the question has an answer or `isSure` says that it
   * is the mirror's fault in any case, else as soon as that shows, if ever; once a mirror. Whether it is charged now.
   */
  raise(mirror: Mirror, charge: () => void, isSure?: boolean): boolean;
  /** The question was answered in time, by one mirror, which owes nothing, or by agreement. */
  answered(by?: Mirror): void;
};

/**
 * The doubts of one question, of which there are none yet. One lasts for `lastMs`: that there is an answer much later says
 * nothing of what was so before.
 */
export function createDoubts(clock: Clock, lastMs: number): Doubts {
  const owed = new Map<Mirror, { readonly charge: () => void; readonly sinceMs: number }>();
  const settled = new Set<Mirror>();
  let isAnswered = false;
  const settle = (mirror: Mirror, charge: () => void): boolean => {
    if (settled.has(mirror)) return false;
    settled.add(mirror);
    owed.delete(mirror);
    charge();
    return true;
  };
  return {
    raise(mirror, charge, isSure = false) {
      if (isAnswered || isSure) return settle(mirror, charge);
      if (!owed.has(mirror)) owed.set(mirror, { charge, sinceMs: clock.now() });
      return false;
    },
    answered(by) {
      isAnswered = true;
      if (by !== undefined) settled.add(by);
      for (const [mirror, { charge, sinceMs }] of owed)
        if (clock.now() - sinceMs <= lastMs) settle(mirror, charge);
    },
  };
}
