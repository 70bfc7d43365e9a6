import type { Incident } from '../../src/history/incidents.ts';
import type { Minute } from '../../src/history/minute.ts';
import { createOutages } from '../../src/history/outages.ts';
import type { Period } from '../../src/history/period.ts';
import { serviceLevels, type ServiceLevel } from '../../src/history/service-levels.ts';
import { createWatchedTime } from '../../src/history/watched-time.ts';

/** The service levels of all minutes and incidents at once; the incidents come in the order of their beginnings. */
export function levelsAtOnce(
  minutes: readonly Minute[],
  incidents: readonly Incident[],
  period: Period,
): ServiceLevel[] {
  const outages = createOutages(period, createWatchedTime(minutes), Infinity);
  for (const incident of incidents) outages.add(incident);
  return serviceLevels(minutes, outages.end().outages.values(), period);
}
