import { pairedValues, summarise, type Summary } from './statistics.ts';
import type { Case, Goal, Sample } from './types.ts';

/** What a median says of its goal; `within the spread` where single runs say the opposite. */
export type Verdict = 'met' | 'met, within the spread' | 'missed' | 'missed, within the spread';

/** What came of a goal. */
export type GoalOutcome =
  | ({ readonly state: Verdict } & Summary)
  /** Measured, but in fewer than the `wanted` runs: whatever the median says is not held for or against it. */
  | ({ readonly state: 'too few runs'; readonly wanted: number } & Summary)
  /** Whom it is measured against is not on this machine. */
  | { readonly state: 'peer missing'; readonly peer: string }
  /** The case ended before, or a contestant failed: its notes say more. */
  | { readonly state: 'not measured' };

/** A goal with its outcome. */
export type JudgedGoal = Goal & { readonly outcome: GoalOutcome };

/** Runs without which no goal is judged (spec performance.md); a case may want more. */
const MIN_RUNS = 5;

/**
 * Judges by the median over the runs, or by each of them where the goal says so, if they are as many as the case wants.
 * `missing`: names of subjects that this machine does not have.
 */
export function judgeGoal(
  goal: Goal,
  samples: readonly Sample[],
  missing: ReadonlySet<string>,
  { minRuns: wanted = MIN_RUNS }: Pick<Case, 'minRuns'> = {},
): JudgedGoal {
  const summary = summarise(pairedValues(samples, goal.measure, goal.of, goal.reference));
  if (summary !== undefined) {
    const outcome: GoalOutcome =
      summary.count < wanted
        ? { state: 'too few runs', wanted, ...summary }
        : { state: verdictOn(goal, summary), ...summary };
    return { ...goal, outcome };
  }
  const other = otherOf(goal);
  const peer = [goal.of, other].find((name) => name !== undefined && missing.has(name));
  return {
    ...goal,
    outcome: peer === undefined ? { state: 'not measured' } : { state: 'peer missing', peer },
  };
}

function verdictOn({ op, value: goal, every }: Goal, { median, min, max }: Summary): Verdict {
  const meets = (value: number): boolean => (op === '>=' ? value >= goal : value <= goal);
  if (every === true) return meets(min) && meets(max) ? 'met' : 'missed';
  const [met, unanimous] = [meets(median), meets(min) === meets(max)];
  if (met) return unanimous ? 'met' : 'met, within the spread';
  return unanimous ? 'missed' : 'missed, within the spread';
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
