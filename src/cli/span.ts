const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** About how long something is, in the largest unit that gives at least two of it: `800 ms`, `90 s`, `3 min`. */
export function formatSpan(durationMs: number): string {
  const ms = Math.max(0, Math.round(durationMs));
  if (ms < 2 * SECOND) return `${ms} ms`;
  if (ms < 2 * MINUTE) return `${Math.round(ms / SECOND)} s`;
  if (ms < 2 * HOUR) return `${Math.round(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.round(ms / HOUR)} h`;
  return `${Math.round(ms / DAY)} d`;
}
