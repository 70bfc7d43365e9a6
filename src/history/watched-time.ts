import { MINUTE_MS, type Minute } from './minute.ts';

/** When each mirror was watched: in memory that grows with its gaps, not with its length. */
export type WatchedTime = {
  /** Minutes come in the order of their beginnings, or nearly so; one that comes in parts is added up. */
  add(minute: Minute): void;
  /** For how long a mirror was watched between two times, milliseconds. Where within a minute a gap is nobody knows. */
  between(mirror: string, fromMs: number, untilMs: number): number;
};

/** Minutes one after the other without a gap worth the name, or one that has a gap. */
type Span = { readonly startMs: number; endMs: number; watchedMs: number };

/** A timer comes late by a few milliseconds, and what was watched is rounded. */
const WHOLE_MS = MINUTE_MS - 500;

/** No minutes yet. */
export function createWatchedTime(minutes: Iterable<Minute> = []): WatchedTime {
  const spansOf = new Map<string, Span[]>();
  const watched: WatchedTime = {
    add(minute) {
      const spans = spansOf.get(minute.mirror) ?? [];
      spansOf.set(minute.mirror, spans);
      addTo(spans, minute);
    },
    between(mirror, fromMs, untilMs) {
      const spans = spansOf.get(mirror) ?? [];
      let sum = 0;
      for (let nth = Math.max(0, lastFrom(spans, fromMs)); nth < spans.length; nth += 1) {
        const span = spans[nth];
        if (span === undefined || span.startMs >= untilMs) break;
        const ms = Math.min(span.endMs, untilMs) - Math.max(span.startMs, fromMs);
        sum += Math.max(0, Math.min(ms, span.watchedMs));
      }
      return sum;
    },
  };
  for (const minute of minutes) watched.add(minute);
  return watched;
}

/** Spans stay in the order of their beginnings. */
function addTo(spans: Span[], { startMs, watchedMs }: Minute): void {
  const nth = lastFrom(spans, startMs);
  const before = spans[nth];
  if (before === undefined || startMs > before.endMs) insert();
  else if (startMs < before.endMs)
    before.watchedMs = Math.min(before.endMs - before.startMs, before.watchedMs + watchedMs);
  else if (watchedMs >= WHOLE_MS && isWhole(before)) {
    before.endMs += MINUTE_MS;
    before.watchedMs += watchedMs;
  } else insert();

  function insert(): void {
    spans.splice(nth + 1, 0, { startMs, endMs: startMs + MINUTE_MS, watchedMs });
  }
}

/** Where the last span is that begins at this time or before it; -1: there is none. */
function lastFrom(spans: readonly Span[], atMs: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.startMs ?? Infinity) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Only whole minutes are ever joined, so that a longer one is whole. */
function isWhole({ startMs, endMs, watchedMs }: Span): boolean {
  return endMs - startMs > MINUTE_MS || watchedMs >= WHOLE_MS;
}
