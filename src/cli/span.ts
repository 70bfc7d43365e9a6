import { say, type Text } from '../words/text.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** About how long something is, in the largest unit that gives at least two of it: `800 ms`, `90 s`, `3 min`. */
export function formatSpan(durationMs: number): Text {
  const ms = Math.max(0, Math.round(durationMs));
  if (ms < 2 * SECOND) return say('{count} ms', { count: ms });
  if (ms < 2 * MINUTE) return say('{count} s', { count: Math.round(ms / SECOND) });
  if (ms < 2 * HOUR) return say('{count} min', { count: Math.round(ms / MINUTE) });
  if (ms < 2 * DAY) return say('{count} h', { count: Math.round(ms / HOUR) });
  return say('{count} d', { count: Math.round(ms / DAY) });
}
