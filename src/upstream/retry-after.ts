import { parseHttpDate } from './http-date.ts';

/** Longer waits are cut to this; the gate caps them much further (selection.md: 300 s). */
const MAX_MS = 24 * 3600 * 1000;

/**
 * The wait that a `Retry-After` header asks for, in milliseconds: a number of seconds or an HTTP date (RFC 9110,
 * section 10.2.3). A date counts from the response's own `Date`, since clocks of mirrors are off, or else from
 * `wallMs`. Undefined when the header is absent or makes no sense. Hostile input: the result is bounded.
 */
export function parseRetryAfter(
  retryAfter: string | undefined,
  date: string | undefined,
  wallMs: number,
): number | undefined {
  const value = retryAfter?.trim() ?? '';
  if (/^\d{1,15}$/.test(value)) return Math.min(Number(value) * 1000, MAX_MS);
  const untilMs = parseHttpDate(value);
  if (untilMs === undefined) return undefined;
  const fromMs = parseHttpDate(date?.trim() ?? '') ?? wallMs;
  return Math.min(Math.max(0, untilMs - fromMs), MAX_MS);
}
