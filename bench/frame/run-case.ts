import { mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../test/support/temp-folder.ts';
import { CleanUp } from './clean-up.ts';
import { judgeGoal } from './goals.ts';
import { loadAverages, thisMachine } from './machine.ts';
import { factsOf, type CaseEnd, type CaseResult, type SubjectFacts } from './results.ts';
import { scrub } from './scrub.ts';
import { summarise, valuesOf } from './statistics.ts';
import type { Case, CaseContext, Sample, SubjectSearch, ToolName, UsageSample } from './types.ts';

/** What all cases of one execution share. */
export type BenchSetup = {
  readonly runs: number;
  readonly quick: boolean;
  readonly root: string;
  readonly signal: AbortSignal;
  readonly searches: readonly SubjectSearch[];
  readonly rondoCommand: CaseContext['rondoCommand'];
  /** The path of a tool, or why there is none. */
  tool(name: ToolName): { readonly path: string } | { readonly missing: string };
  progress(words: string): void;
};

/** In characters: programs say much when they fail. */
const LONGEST_NOTE = 500;

/** What a case hands over while it runs. */
type Taken = { readonly samples: Sample[]; readonly usage: UsageSample[]; readonly notes: string[] };

/** Runs one case to its end, whatever that is, and judges its goals. Never rejects for what a case does. */
export async function runCase(theCase: Case, setup: BenchSetup): Promise<CaseResult> {
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const before = loadAverages();
  const taken: Taken = { samples: [], usage: [], notes: [] };
  const end = await measure(theCase, setup, taken);
  const subjects = setup.searches.filter((search) => theCase.wants.includes(nameOf(search))).map(factsOf);
  const missing = new Set(subjects.flatMap((each) => ('missing' in each ? each.name : [])));
  const { number, title, measures, conditions } = theCase;
  return {
    number,
    title,
    end,
    startedAt,
    tookSeconds: Math.round(performance.now() - startedMs) / 1000,
    runs: setup.runs,
    quick: setup.quick,
    machine: thisMachine(),
    loadAverages: { before, after: loadAverages() },
    subjects,
    contestants: theCase.contestants ?? {},
    goals: theCase.goals.map((goal) => judgeGoal(goal, taken.samples, missing, theCase)),
    summaries: summariesOf(theCase, taken.samples),
    measures,
    conditions,
    ...taken,
  };
}

async function measure(theCase: Case, setup: BenchSetup, taken: Taken): Promise<CaseEnd> {
  const missing = theCase.needs.map((name) => setup.tool(name)).find((found) => 'missing' in found);
  if (missing !== undefined) return { state: 'skipped', reason: missing.missing };
  const folder = mkdtempSync(join(tmpdir(), `rondo-bench-${theCase.number}-`));
  const cleanup = new CleanUp();
  cleanup.after(() => removeTree(folder));
  const clean = (error: unknown): string => {
    const message = error instanceof Error ? error.message : String(error);
    const line = message.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_NOTE);
    return scrub(line, [folder, setup.root, tmpdir(), homedir()]);
  };
  try {
    await theCase.run(contextOf(theCase, setup, { taken, folder, cleanup, clean }));
    return { state: 'done' };
  } catch (error) {
    return { state: 'failed', reason: setup.signal.aborted ? 'interrupted' : clean(error) };
  } finally {
    for (const error of await cleanup.run()) taken.notes.push(`clean-up: ${clean(error)}`);
  }
}

type Rest = {
  readonly taken: Taken;
  readonly folder: string;
  readonly cleanup: CleanUp;
  readonly clean: (words: unknown) => string;
};

function contextOf(theCase: Case, setup: BenchSetup, { taken, folder, cleanup, clean }: Rest): CaseContext {
  const found = setup.searches.flatMap((search) => (search.state === 'found' ? search.subject : []));
  const subject: CaseContext['subject'] = (name) => found.find((each) => each.name === name);
  return {
    runs: setup.runs,
    quick: setup.quick,
    root: setup.root,
    folder,
    cleanup,
    signal: setup.signal,
    subject,
    subjects: (...names) => names.flatMap((name) => subject(name) ?? []),
    rondoCommand: setup.rondoCommand,
    tool: (name) => {
      const tool = setup.tool(name);
      if ('missing' in tool) throw new Error(tool.missing);
      return tool.path;
    },
    record: (sample) => {
      if (!theCase.measures.some(({ key }) => key === sample.measure))
        throw new Error(`case ${theCase.number} declares no measure ${sample.measure}`);
      if (!Number.isFinite(sample.value)) throw new Error(`${sample.measure}: ${sample.value} is no number`);
      taken.samples.push(sample);
    },
    recordUsage: (phase, before, after) => {
      if (before === undefined || after === undefined) return;
      const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
      taken.usage.push({ ...phase, cpuSeconds, peakBytes: after.peakBytes });
    },
    note: (words) => {
      taken.notes.push(clean(words));
      setup.progress(`case ${theCase.number}: ${words}`);
    },
    progress: (words) => setup.progress(`case ${theCase.number}: ${words}`),
  };
}

function summariesOf(theCase: Case, samples: readonly Sample[]): CaseResult['summaries'] {
  const contestants = [...new Set(samples.map(({ contestant }) => contestant))];
  return contestants.flatMap((contestant) =>
    theCase.measures.flatMap(({ key: measure }) => {
      const summary = summarise(valuesOf(samples, measure, contestant));
      return summary === undefined ? [] : [{ measure, contestant, ...summary }];
    }),
  );
}

function nameOf(search: SubjectSearch): SubjectFacts['name'] {
  return search.state === 'found' ? search.subject.name : search.name;
}
