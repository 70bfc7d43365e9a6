import type { Figures, Recovery } from '../rows/figures.ts';

/** What one row of the table came to, for the page and the terminal. */
export type Line = {
  readonly name: string;
  /** What is wrong. */
  readonly what: string;
  readonly figures?: Figures;
  /** Its p99 over that of the same load to good mirrors. */
  readonly p99Ratio?: number;
  /** The bad mirror's state when the load ended, and why. */
  readonly state?: string;
  /** What else a reader should see. */
  readonly said?: string;
};

/** The line as one sentence, for the diagnostics of a test. */
export function describeLine({ name, figures, p99Ratio, state, said }: Line): string {
  const parts = [
    ...(figures === undefined ? [] : describeFigures(figures)),
    ...(p99Ratio === undefined ? [] : [`p99 ${p99Ratio.toFixed(1)}x healthy`]),
    ...(state === undefined ? [] : [state]),
    ...(said === undefined ? [] : [said]),
  ];
  return `figures: ${name}: ${parts.join('; ')}`;
}

function describeFigures(figures: Figures): string[] {
  const { requests, endings, attemptsPerRequest, recovery } = figures;
  const others = Object.entries(endings).filter(([ending, count]) => ending !== 'right' && count > 0);
  const counts = [`${endings.right} of ${requests} right`, ...others.map(([ending, n]) => `${n} ${ending}`)];
  return [
    counts.join(', '),
    `p50/p99/max ${timesOf(figures)} ms`,
    `${attemptsPerRequest.toFixed(2)} attempts a request`,
    ...(recovery === undefined ? [] : [describeRecovery(recovery)]),
  ];
}

function describeRecovery({ firstRightMs, failedUntilMs, rightShare }: Recovery): string {
  const share = (rightShare * 100).toFixed(1);
  return `back: first right after ${Math.round(firstRightMs)} ms, last failure after ${Math.round(failedUntilMs)} ms, ${share}% right in the first five seconds`;
}

/** p50, p99 and the longest, in whole milliseconds. */
export function timesOf({ p50Ms, p99Ms, maxMs }: Figures): string {
  return [p50Ms, p99Ms, maxMs].map((ms) => Math.round(ms)).join('/');
}
