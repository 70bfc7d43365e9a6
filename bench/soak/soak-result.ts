import type { Figures } from '../../test/faults/rows/figures.ts';
import type { SoakBuilds } from './build-again.ts';
import type { SpellFigures } from './spell-figures.ts';
import type { ProcessSample } from './watch-process.ts';

/** What a soak came to. */
export type SoakResult = {
  readonly minutes: number;
  readonly ratePerSecond: number;
  readonly seed: number;
  /** Each time that a mirror went bad, or two did, and as in how many different rows. */
  readonly spells: readonly SpellFigures[];
  readonly rows: number;
  /** Attempts are requests for files that reached a mirror, those of the builds too. */
  readonly figures: Figures;
  /** Requests for a file that was never asked for before. */
  readonly cold: number;
  /** What went wrong -> how often. */
  readonly troubles: Readonly<Record<string, number>>;
  /** How late the load came, 99 of 100 times: where this is much, the machine was too busy. */
  readonly lagP99Ms: number;
  /** Processes that wanted to run in the minute before the load ended: more than there are cores is too busy as well. */
  readonly loadAverage: number;
  /** Of Rondo, during the load. */
  readonly cpuSeconds: number;
  readonly builds: SoakBuilds;
  /** Before the load, after a few requests that warmed up. */
  readonly before: Omit<ProcessSample, 'atMs'>;
  /** Every second of the load. */
  readonly samples: readonly ProcessSample[];
  readonly after: Afterwards;
  readonly evictedFiles: number;
};

/** What was there when the load had ended and some time had passed. */
export type Afterwards = Omit<ProcessSample, 'atMs'> & {
  /** What nobody needs any more and is there all the same, in words. */
  readonly left: readonly string[];
  /** Files of the copy that are not what they should be. */
  readonly wrongFiles: readonly string[];
};
