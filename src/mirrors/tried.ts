import type { VisitReport } from '../events/events.ts';

/** Longest text of all visits of a request, in characters: it goes into a header. */
const MAX_LENGTH = 1000;

/**
 * Which mirrors were asked and what each answered, in the order in which that was known, on one line:
 * `a: 503 Service Unavailable (12 ms); b: 200 (40 ms)`. Undefined where nobody was asked.
 */
export function describeTried(reports: readonly VisitReport[]): string | undefined {
  let text = '';
  for (const [index, { mirror, outcome, durationMs }] of reports.entries()) {
    const visit = `${mirror}: ${outcome.detail} (${Math.round(durationMs)} ms)`;
    const left = `; ${reports.length - index} more`;
    if (text.length + visit.length + left.length > MAX_LENGTH) return text + left;
    text += `${text === '' ? '' : '; '}${visit}`;
  }
  return text === '' ? undefined : text;
}
