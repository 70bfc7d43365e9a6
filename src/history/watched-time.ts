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
    between: (mirror, fromMs, untilMs) =>
      (spansOf.get(mirror) ?? []).reduce((sum, { startMs, endMs, watchedMs }) => {
        const ms = Math.min(endMs, untilMs) - Math.max(startMs, fromMs);
        return sum + Math.max(0, Math.min(ms, watchedMs));
      }, 0),
  };
  for (const minute of minutes) watched.add(minute);
  return watched;
}

function addTo(spans: Span[], { startMs, watchedMs }: Minute): void {
  const last = spans.at(-1);
  if (last?.endMs === startMs && watchedMs >= WHOLE_MS && isWhole(last)) {
    last.endMs += MINUTE_MS;
    last.watchedMs += watchedMs;
    return;
  }
  const known =
    last === undefined || startMs >= last.endMs
      ? undefined
      : spans.find((span) => span.startMs <= startMs && startMs < span.endMs);
  if (known === undefined) spans.push({ startMs, endMs: startMs + MINUTE_MS, watchedMs });
  else known.watchedMs = Math.min(known.endMs - known.startMs, known.watchedMs + watchedMs);
}

/** Only whole minutes are ever joined, so that a longer one is whole. */
function isWhole({ startMs, endMs, watchedMs }: Span): boolean {
  return endMs - startMs > MINUTE_MS || watchedMs >= WHOLE_MS;
}
