import { pairedValues, summarise, type Summary } from './statistics.ts';
import type { Goal, Sample } from './types.ts';

/** What came of a goal. */
export type GoalOutcome =
  | ({ readonly state: 'met' | 'missed' } & Summary)
  /** Whom it is measured against is not on this machine. */
  | { readonly state: 'peer missing'; readonly peer: string }
  /** The case ended before, or a contestant failed: its notes say more. */
  | { readonly state: 'not measured' };

/** A goal with its outcome. */
export type JudgedGoal = Goal & { readonly outcome: GoalOutcome };

/** Judges by the median over the runs. `missing`: names of subjects that this machine does not have. */
export function judgeGoal(goal: Goal, samples: readonly Sample[], missing: ReadonlySet<string>): JudgedGoal {
  const summary = summarise(pairedValues(samples, goal.measure, goal.of, goal.reference));
  if (summary !== undefined) {
    const met = goal.op === '>=' ? summary.median >= goal.value : summary.median <= goal.value;
    return { ...goal, outcome: { state: met ? 'met' : 'missed', ...summary } };
  }
  const other = otherOf(goal);
  const peer = [goal.of, other].find((name) => name !== undefined && missing.has(name));
  return {
    ...goal,
    outcome: peer === undefined ? { state: 'not measured' } : { state: 'peer missing', peer },
  };
}

/** Whom a goal is measured against, if anybody. */
export function otherOf({ reference }: Goal): string | undefined {
  if (reference.kind === 'value') return undefined;
  return reference.kind === 'ratio' ? reference.to : reference.from;
}

/**
 * How far beyond its goal a value is: 1 is just met, 2 twice as good as asked, 0.5 half, whichever way the goal
 * goes. Undefined where no such number makes sense (nothing or less than nothing).
 */
export function goalFactor(
  { op, value: goal }: Pick<Goal, 'op' | 'value'>,
  value: number,
): number | undefined {
  const factor = op === '>=' ? value / goal : goal / value;
  return Number.isFinite(factor) && factor > 0 ? factor : undefined;
}
