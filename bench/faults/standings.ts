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
 * Every row with its contestants, in the order of the results' subjects. *First* are those with the greatest share of
 * right answers, by the median; of several, those with the lowest p99 (after an outage of all mirrors: the earliest right
 * answer), and everybody whose range over the runs reaches into that one's. Pure.
 */
export function standingsOf(results: Pick<FaultResults, 'rows' | 'samples' | 'subjects'>): RowStanding[] {
  const order = results.subjects.map(({ name }) => name as ContestantName);
  return results.rows.map((row) => {
    const samples = results.samples.filter((sample) => sample.row === row.name);
    const there = order.filter((name) => samples.some(({ contestant }) => contestant === name));
    const lines = there.map((contestant) => lineOf(contestant, samples));
    const first = firstOf(lines, row.sees === 'right-or-failure' ? 'firstRightMs' : 'p99Ms');
    return { row, lines: lines.map((line) => ({ ...line, first: first.includes(line) })) };
  });
}

type Unranked = Omit<FaultLine, 'first'>;

function lineOf(contestant: ContestantName, samples: readonly FaultSample[]): Unranked {
  const own = samples.filter((sample) => sample.contestant === contestant);
  return { contestant, summary: (measure) => summarise(own.flatMap((sample) => sample[measure] ?? [])) };
}

function firstOf(lines: readonly Unranked[], by: 'firstRightMs' | 'p99Ms'): readonly Unranked[] {
  const rightOf = (line: Unranked): number => line.summary('rightPercent')?.median ?? 0;
  const most = Math.max(0, ...lines.map(rightOf));
  if (most === 0) return [];
  const right = lines.filter((line) => rightOf(line) >= most - SAME_PERCENT);
  const timed = right.flatMap((line) => {
    const time = line.summary(by);
    return time === undefined ? [] : [{ line, time }];
  });
  const [best] = timed.toSorted((a, b) => a.time.median - b.time.median);
  if (best === undefined) return right;
  return timed.filter(({ time }) => time.min <= best.time.max).map(({ line }) => line);
}
