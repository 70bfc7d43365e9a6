import type { Run, Served } from './run-scenario.ts';

/** Something that a run must show, and what it showed. */
export type Claim = { readonly what: string; readonly found: string; readonly holds: boolean };

/** A claim of a number within bounds, both of them where both matter. */
export function within(what: string, value: number, least: number, most: number, unit = ''): Claim {
  return { what, found: `${rounded(value)}${unit}`, holds: value >= least && value <= most };
}

/** What holds in every run, whatever happens in it. */
export function invariants({ watcher, served, views, seconds }: Run): Claim[] {
  const { counts, violations } = watcher;
  const requests = served.length;
  const retryBurst = 40;
  const leftovers = views.reduce((sum, { inFlight, waiting }) => sum + inFlight + waiting, 0);
  const never = [...violations].map(([what, times]) => `${what} (${times})`).join(', ');
  return [
    { what: 'nothing that may never happen', found: never === '' ? 'nothing' : never, holds: never === '' },
    within('one first visit a mirror a request: others unaccounted for', watcher.unaccounted(), 0, 0),
    within('revisits', counts.revisits, 0, 0.2 * requests + 2 * (seconds + 200) + retryBurst),
    within('hedges', counts.hedges, 0, 0.05 * requests + 10),
    within('attempts under way at the end', leftovers, 0, 0),
    within('weights', Math.max(...views.map(({ weight, baseWeight }) => weight / baseWeight)), 0, 1),
  ];
}

/** Requests that began between two seconds. */
export function startedIn({ served }: Run, fromS: number, toS: number): Served[] {
  return served.filter(({ startMs }) => startMs >= fromS * 1000 && startMs < toS * 1000);
}

/** The share of requests that were answered. */
export function okShare(served: readonly Served[]): number {
  return served.filter(({ error }) => error === undefined).length / Math.max(1, served.length);
}

/** A quantile of the times to first byte, milliseconds. */
export function quantile(served: readonly Served[], share: number): number {
  const times = served.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
}

/** Milliseconds from `fromS` to the first answer that came after it; Infinity if none did. */
export function firstOkAfter({ served }: Run, fromS: number): number {
  const times = served.flatMap(({ startMs, tookMs, error }) =>
    error === undefined && startMs + tookMs >= fromS * 1000 ? [startMs + tookMs - fromS * 1000] : [],
  );
  return times.length === 0 ? Infinity : Math.min(...times);
}

/** The share of the answers that came from one mirror. */
export function shareOf(mirror: string, served: readonly Served[]): number {
  const answered = served.filter((each) => each.mirror !== undefined);
  return answered.filter((each) => each.mirror === mirror).length / Math.max(1, answered.length);
}

/** The share of all attempts that one mirror got. */
export function askedShare({ watcher }: Run, mirror: string): number {
  return (watcher.asked.get(mirror) ?? 0) / Math.max(1, watcher.counts.attempts);
}

/** How far the answers of one mirror stray from `share`, over windows of `windowS`: what oscillation would show. */
export function strayOf(run: Run, mirror: string, share: number, windowS: number): number {
  let worst = 0;
  for (let fromS = 0; fromS + windowS <= run.seconds; fromS += windowS) {
    const stray = Math.abs(shareOf(mirror, startedIn(run, fromS, fromS + windowS)) - share);
    worst = Math.max(worst, stray);
  }
  return worst;
}

function rounded(value: number): string {
  return Math.abs(value) >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toPrecision(3);
}
