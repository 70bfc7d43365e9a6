import type { Sees } from '../../test/faults/rows/row.ts';
import type { Machine } from '../frame/machine.ts';
import type { SubjectFacts } from '../frame/results.ts';
import type { FaultSample } from './fault-sample.ts';

/** What a row of the comparison was. */
export type RowFacts = { readonly name: string; readonly what: string; readonly sees: Sees };

/** Everything about one comparison. `bench/results/<date>-faults.json` holds it. */
export type FaultResults = {
  readonly schema: 1;
  readonly kind: 'faults';
  readonly date: string;
  /** When the last one that added to it began, ISO 8601, UTC. */
  readonly startedAt: string;
  readonly tookSeconds: number;
  readonly runs: number;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly loadAverages: { readonly before: readonly number[]; readonly after: readonly number[] };
  readonly subjects: readonly SubjectFacts[];
  readonly rows: readonly RowFacts[];
  /** How it was measured, sentence by sentence. */
  readonly conditions: readonly string[];
  readonly notes: readonly string[];
  readonly samples: readonly FaultSample[];
};

/** `fresh` with those rows of `older` that it has not, which stand first. */
export function mergeFaultResults(older: FaultResults | undefined, fresh: FaultResults): FaultResults {
  const renewed = new Set(fresh.rows.map(({ name }) => name));
  const rows = (older?.rows ?? []).filter(({ name }) => !renewed.has(name));
  const samples = (older?.samples ?? []).filter(({ row }) => !renewed.has(row));
  return { ...fresh, rows: [...rows, ...fresh.rows], samples: [...samples, ...fresh.samples] };
}
