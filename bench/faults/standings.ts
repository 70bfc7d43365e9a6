import { summarise, type Summary } from '../frame/statistics.ts';
import type { ContestantName } from '../frame/types.ts';
import type { FaultSample } from './fault-sample.ts';
import type { FaultResults, RowFacts } from './fault-results.ts';

/** Numbers of a sample. */
export type FaultMeasure = Exclude<keyof FaultSample, 'row' | 'contestant' | 'run'>;

/** What one contestant made of one row, over the runs. */
export type FaultLine = {
  readonly contestant: ContestantName;
  /** Whether nobody is better in this row: see `standingsOf`. */
  readonly first: boolean;
  /** Undefined where no run has it. */
  summary(measure: FaultMeasure): Summary | undefined;
};

/** One row of the comparison. */
export type RowStanding = { readonly row: RowFacts; readonly lines: readonly FaultLine[] };

/** Shares of right answers that differ by less are the same: one request in 400 is a quarter percent. */
const SAME_PERCENT = 0.1;

/**
 * Every row with its contestants, in the order of the results' subjects. *First* is whoever is right at all and than whom
 * nobody was better. Better is who gives more right answers; of equals, who is clearly quicker in p99 and in the longest
 * wait (after an outage of all mirrors: in the first right answer), with no run of the one as slow as any of the other. Pure.
 */
export function standingsOf(results: Pick<FaultResults, 'rows' | 'samples' | 'subjects'>): RowStanding[] {
  const order = results.subjects.map(({ name }) => name as ContestantName);
  return results.rows.map((row) => {
    const samples = results.samples.filter((sample) => sample.row === row.name);
    const there = order.filter((name) => samples.some(({ contestant }) => contestant === name));
    const lines = there.map((contestant) => lineOf(contestant, samples));
    const times = row.sees === 'right-or-failure' ? AFTER_OUTAGE : BESIDE_FAULT;
    return {
      row,
      lines: lines.map((line) => ({
        ...line,
        first: rightOf(line) > 0 && !lines.some((other) => isBetter(other, line, times)),
      })),
    };
  });
}

const AFTER_OUTAGE: readonly FaultMeasure[] = ['firstRightMs'];
const BESIDE_FAULT: readonly FaultMeasure[] = ['p99Ms', 'longestMs'];

type Unranked = Omit<FaultLine, 'first'>;

function lineOf(contestant: ContestantName, samples: readonly FaultSample[]): Unranked {
  const own = samples.filter((sample) => sample.contestant === contestant);
  return { contestant, summary: (measure) => summarise(own.flatMap((sample) => sample[measure] ?? [])) };
}

function rightOf(line: Unranked): number {
  return line.summary('rightPercent')?.median ?? 0;
}

function isBetter(one: Unranked, other: Unranked, times: readonly FaultMeasure[]): boolean {
  const more = rightOf(one) - rightOf(other);
  if (Math.abs(more) > SAME_PERCENT) return more > 0;
  return times.every((measure) => {
    const [own, others] = [one.summary(measure), other.summary(measure)];
    return own !== undefined && (others === undefined || own.max < others.min);
  });
}
