import { addMinute, createTally, type Minute, type Tally } from './minute.ts';
import type { Period } from './period.ts';

/** Minutes of a period, added up by mirror and part: as many sums as a chart has points, however long it is. */
export type Parts = {
  add(minute: Minute): void;
  /** By mirror, the sums of its parts that had minutes: each in the form of a minute that is within the part. */
  mirrors(): ReadonlyMap<string, readonly Minute[]>;
};

/** No minutes yet. Parts are those of seriesOf. */
export function createParts({ sinceMs, untilMs }: Period, parts: number): Parts {
  const partMs = (untilMs - sinceMs) / parts;
  const sums = new Map<string, Map<number, Tally>>();
  return {
    add(minute) {
      const part = Math.floor((minute.startMs - sinceMs) / partMs);
      const own = sums.get(minute.mirror) ?? new Map<number, Tally>();
      sums.set(minute.mirror, own);
      const sum = own.get(part) ?? createTally(minute.mirror, minute.startMs);
      own.set(part, sum);
      addMinute(sum, minute);
    },
    mirrors: () => new Map([...sums].map(([mirror, own]) => [mirror, [...own.values()]])),
  };
}
