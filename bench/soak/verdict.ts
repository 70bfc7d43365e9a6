import { summarise } from '../frame/statistics.ts';
import type { SoakResult } from './soak-result.ts';
import type { ProcessSample } from './watch-process.ts';

/** Whether something stays as it is under load: its median in the third minute and in the last one. */
export type Plateau =
  | { readonly state: 'flat' | 'grows'; readonly third: number; readonly last: number }
  /** A run of less than five minutes does not tell. */
  | { readonly state: 'unknown' };

const MIB = 2 ** 20;
const MINUTE_MS = 60_000;
/** In the first two minutes code is compiled, pools and caches fill; and two minutes in a row would always be alike. */
const FROM_MINUTE = 3;
const LEAST_MINUTES = 5;
/** So much more at the end is no growth: a garbage collector's mood, the mirrors' faults of that minute. */
const RATIO = 1.1;
const MORE_BYTES = 8 * MIB;
const MORE_FILES = 10;
/** So many more are none that were forgotten: of those that are no sockets after the load, of those to no mirror under it. */
const A_FEW_FILES = 5;

/** The median of each whole minute of the load, the first one first. Pure. */
export function minuteMedians(
  samples: readonly ProcessSample[],
  value: (sample: ProcessSample) => number,
): number[] {
  const minutes = Map.groupBy(samples, ({ atMs }) => Math.floor(atMs / MINUTE_MS));
  const whole = Math.max(1, Math.floor(((samples.at(-1)?.atMs ?? 0) + MINUTE_MS / 60) / MINUTE_MS));
  return Array.from(
    { length: whole },
    (_, minute) => summarise((minutes.get(minute) ?? []).map(value))?.median ?? Number.NaN,
  );
}

/** Whether what the medians of the minutes say is flat, with `more` beside the tenth, or another ratio, that any may grow. */
export function plateauOf(medians: readonly number[], more: number, ratio: number = RATIO): Plateau {
  const third = medians[FROM_MINUTE - 1];
  const last = medians.at(-1);
  if (medians.length < LEAST_MINUTES || third === undefined || last === undefined)
    return { state: 'unknown' };
  return { state: last <= ratio * third + more ? 'flat' : 'grows', third, last };
}

/**
 * Memory and open files under load. How many connections there are to mirrors is up to the faults of a minute; whatever else
 * is open, clients' connections among it, is as many all the time.
 */
export function plateaus({
  samples,
}: Pick<SoakResult, 'samples'>): Record<'memory' | 'files' | 'other files', Plateau> {
  return {
    memory: plateauOf(
      minuteMedians(samples, ({ residentBytes }) => residentBytes),
      MORE_BYTES,
    ),
    files: plateauOf(
      minuteMedians(samples, ({ files }) => files),
      MORE_FILES,
    ),
    'other files': plateauOf(
      minuteMedians(samples, ({ files, toMirrors }) => files - toMirrors),
      A_FEW_FILES,
      1,
    ),
  };
}

/** Everything that is not as it should be, in words; nothing where all held. Pure. */
export function faultsFound(result: SoakResult): string[] {
  const { figures, builds, before, after } = result;
  const { right: _, ...others } = figures.endings;
  const found = Object.entries(others).flatMap(([ending, count]) =>
    count > 0 ? [`${count} requests: ${ending}`] : [],
  );
  if (figures.requests === 0) found.push('nothing was asked');
  if (builds.failures.length > 0) found.push(`${builds.failures.length} of ${builds.count} builds failed`);
  for (const [what, plateau] of Object.entries(plateaus(result))) {
    if (plateau.state !== 'grows') continue;
    found.push(`${what} grows: from ${plateau.third} in the third minute to ${plateau.last} in the last`);
  }
  const more = after.files - after.sockets - (before.files - before.sockets);
  if (more > A_FEW_FILES) found.push(`${more} more open files than before the load`);
  found.push(...after.left.map((left) => `left behind: ${left}`));
  found.push(...after.wrongFiles.map((name) => `wrong in the copy: ${name}`));
  return found;
}
