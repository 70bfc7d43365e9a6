import type { ContestantName, GoalReference, Sample } from './types.ts';

/** Several runs in one line. */
export type Summary = {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
};

/** Median (the mean of the middle two where the count is even), least and greatest. Undefined of nothing. */
export function summarise(values: readonly number[]): Summary | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const min = sorted[0];
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return undefined;
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? max;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? min) + upper) / 2;
  return { median, min, max, count: sorted.length };
}

/** The values of one contestant in one measure, in the order they were taken. */
export function valuesOf(samples: readonly Sample[], measure: string, of: ContestantName): number[] {
  return samples
    .filter((sample) => sample.measure === measure && sample.contestant === of)
    .map(({ value }) => value);
}

/**
 * What a goal looks at, run by run: the value itself, or its ratio to or difference from the other contestant's
 * value in the same run. Runs in which one of the two is missing give nothing. Machines drift while a bench
 * runs; two values of one run have drifted together.
 */
export function pairedValues(
  samples: readonly Sample[],
  measure: string,
  of: ContestantName,
  reference: GoalReference,
): number[] {
  if (reference.kind === 'value') return valuesOf(samples, measure, of);
  const other = reference.kind === 'ratio' ? reference.to : reference.from;
  const others = new Map(
    samples
      .filter((sample) => sample.measure === measure && sample.contestant === other)
      .map(({ run, value }) => [run, value]),
  );
  return samples
    .filter((sample) => sample.measure === measure && sample.contestant === of)
    .flatMap(({ run, value }) => {
      const base = others.get(run);
      if (base === undefined) return [];
      const paired = reference.kind === 'ratio' ? value / base : value - base;
      return Number.isFinite(paired) ? [paired] : [];
    });
}
