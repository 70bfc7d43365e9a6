/**
 * How often what took how long, in buckets that grow by a fixed ratio, so that every quantile is right to ACCURACY
 * whatever its size, and two of them add up to a third (Masson, Rim and Lee, "DDSketch", VLDB 2019). Bucket `i` has what
 * lies in (RATIO^(i-1), RATIO^i] microseconds.
 */
export type Sketch = ReadonlyMap<number, number>;

/** The largest error of a quantile, as a share of it. */
export const ACCURACY = 0.02;

const RATIO = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_RATIO = Math.log(RATIO);
/** A day: what takes longer is told as a day. */
const MAX_US = 24 * 3_600_000_000;
const MAX_BUCKET = bucketOf(MAX_US / 1000);

/** Nothing was measured. */
export const EMPTY_SKETCH: Sketch = new Map();

/** The bucket of a time in milliseconds. */
export function bucketOf(ms: number): number {
  const us = Math.min(MAX_US, Math.max(1, ms * 1000));
  return Math.ceil(Math.log(us) / LOG_RATIO);
}

/** Adds what another sketch has measured. */
export function addSketch(sums: Map<number, number>, sketch: Sketch): void {
  for (const [bucket, count] of sketch) sums.set(bucket, (sums.get(bucket) ?? 0) + count);
}

/** The time that the share `quantile` (0 to 1) of all did not exceed, milliseconds; undefined where nothing was measured. */
export function quantileMs(sketch: Sketch, quantile: number): number | undefined {
  const total = [...sketch.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let left = Math.max(1, Math.ceil(quantile * total));
  const buckets = [...sketch].toSorted(([a], [b]) => a - b);
  const found = buckets.find(([, count]) => (left -= count) <= 0) ?? buckets.at(-1);
  // The middle of the bucket, from which both of its ends are ACCURACY away.
  return found === undefined ? undefined : (2 * RATIO ** found[0]) / (RATIO + 1) / 1000;
}

/** As it is kept: `12:3 40:1`, by bucket. */
export function sketchText(sketch: Sketch): string {
  return [...sketch]
    .toSorted(([a], [b]) => a - b)
    .map(([bucket, count]) => `${bucket}:${count}`)
    .join(' ');
}

/** What was kept; whatever is no sketch counts as none. */
export function parseSketch(text: string): Sketch {
  const sketch = new Map<number, number>();
  if (text === '') return sketch;
  for (const part of text.split(' ')) {
    const [, bucket, count] = /^(\d{1,4}):([1-9]\d{0,14})$/.exec(part) ?? [];
    if (bucket === undefined || count === undefined || Number(bucket) > MAX_BUCKET) return EMPTY_SKETCH;
    sketch.set(Number(bucket), (sketch.get(Number(bucket)) ?? 0) + Number(count));
  }
  return sketch;
}
