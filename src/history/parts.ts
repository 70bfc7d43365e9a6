import { addMinute, createTally, type Minute, type Tally } from './minute.ts';
import type { Period } from './service-levels.ts';

/** Minutes of a period, added up by part and mirror: as many sums as a chart has points, however long it is. */
export type Parts = {
  add(minute: Minute): void;
  /** A sum for each part and mirror that had minutes, in the form of a minute that is within the part. */
  minutes(): readonly Minute[];
};

/** No minutes yet. Parts are those of seriesOf. */
export function createParts({ sinceMs, untilMs }: Period, parts: number): Parts {
  const partMs = (untilMs - sinceMs) / parts;
  const sums = new Map<string, Tally>();
  return {
    add(minute) {
      const part = Math.floor((minute.startMs - sinceMs) / partMs);
      const key = `${part} ${minute.mirror}`;
      const sum = sums.get(key) ?? createTally(minute.mirror, minute.startMs);
      sums.set(key, sum);
      addMinute(sum, minute);
    },
    minutes: () => [...sums.values()],
  };
}
