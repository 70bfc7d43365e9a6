import type { Incident } from './incidents.ts';

/**
 * What several Rondos have seen of one outage as one incident: those of a mirror that overlap, with the beginning of the
 * first and the end of the last. The newest come first. Pure.
 */
export function unitedIncidents(incidents: readonly Incident[]): Incident[] {
  return [...Map.groupBy(incidents, ({ mirror }) => mirror).values()]
    .flatMap(unitedOfOne)
    .toSorted((a, b) => b.startMs - a.startMs || (a.mirror < b.mirror ? -1 : 1));
}

function unitedOfOne(incidents: readonly Incident[]): Incident[] {
  const whole: Incident[] = [];
  for (const next of incidents.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = whole.at(-1);
    if (last === undefined || next.startMs >= endOf(last)) whole.push(next);
    else if (endOf(next) > endOf(last)) whole[whole.length - 1] = { ...last, endMs: next.endMs };
  }
  return whole;
}

/** What lasts has no end yet. */
function endOf({ endMs = Infinity }: Incident): number {
  return endMs;
}
