import type { JudgedGoal } from './goals.ts';
import type { Machine } from './machine.ts';
import type { Summary } from './statistics.ts';
import type { Case, Sample, SubjectName, SubjectSearch, UsageSample } from './types.ts';

/** A subject of a case: which one it was, or why there was none. */
export type SubjectFacts =
  | { readonly name: SubjectName; readonly label: string; readonly version: string }
  | { readonly name: SubjectName; readonly label: string; readonly missing: string };

/** What results say of a subject that was looked for. */
export function factsOf(search: SubjectSearch): SubjectFacts {
  if (search.state === 'missing') return { name: search.name, label: search.label, missing: search.reason };
  const { name, label, version } = search.subject;
  return { name, label, version };
}

/** How a case ended. Failed ones keep what was measured before. */
export type CaseEnd =
  | { readonly state: 'done' }
  | { readonly state: 'skipped' | 'failed'; readonly reason: string };

/** Everything about one case in one execution of the bench. */
export type CaseResult = Pick<Case, 'number' | 'title' | 'measures' | 'conditions'> & {
  readonly end: CaseEnd;
  /** When it began, ISO 8601, UTC. */
  readonly startedAt: string;
  readonly tookSeconds: number;
  readonly runs: number;
  readonly quick: boolean;
  readonly machine: Machine;
  /** Before the case; the load of the bench itself is in the second one. */
  readonly loadAverages: { readonly before: readonly number[]; readonly after: readonly number[] };
  readonly subjects: readonly SubjectFacts[];
  /** Words for contestants that are no subjects. */
  readonly contestants: Readonly<Record<string, string>>;
  readonly goals: readonly JudgedGoal[];
  readonly summaries: readonly ({ readonly measure: string; readonly contestant: string } & Summary)[];
  readonly usage: readonly UsageSample[];
  readonly notes: readonly string[];
  readonly samples: readonly Sample[];
};

/** What `bench/results/<date>.json` holds: the newest result of each case of that day. */
export type Results = { readonly schema: 1; readonly date: string; readonly cases: readonly CaseResult[] };

/** `fresh` in place of older results of the same cases, the others kept, in the order of the table. */
export function mergeResults(older: Results | undefined, fresh: Results): Results {
  const renewed = new Set(fresh.cases.map(({ number }) => number));
  const kept = (older?.cases ?? []).filter(({ number }) => !renewed.has(number));
  return { ...fresh, cases: [...kept, ...fresh.cases].sort((a, b) => a.number - b.number) };
}
