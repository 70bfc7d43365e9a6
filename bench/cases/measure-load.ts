import { takeTurns } from '../frame/turns.ts';
import type { CaseContext, RunningSubject } from '../frame/types.ts';
import { runWrk, type WrkLoad, type WrkResult } from '../load/wrk.ts';
import { emptyLogs } from './warm-world.ts';

/** A load on one subject, with the CPU time that it took of the subject's own processes. */
export type MeasuredLoad = WrkResult & {
  /** Undefined where the machine has no /proc. */
  readonly cpuSeconds: number | undefined;
};

/** What is measured, in turns. */
export type LoadToMeasure = Pick<WrkLoad, 'paths' | 'connections' | 'threads' | 'durationS'> & {
  /** For the table of CPU time and memory. */
  readonly phase: string;
  /** Before the first run, not kept. */
  readonly warmUpS: number;
  /** Done right before every load, outside of what is measured. */
  readonly prepare?: () => Promise<void>;
};

/**
 * Runs the same load against every subject in every run, in turns, and hands each result to `keep`. Numbers of
 * a subject that answers with errors say nothing: it is noted and left out from there on.
 */
export async function measureInTurns(
  context: CaseContext,
  subjects: readonly RunningSubject[],
  load: LoadToMeasure,
  keep: (
    of: { readonly contestant: string; readonly run: number },
    result: MeasuredLoad,
  ) => Promise<void> | void,
): Promise<void> {
  const failed = new Set<RunningSubject>();
  const attempt = async (subject: RunningSubject, work: () => Promise<void>): Promise<void> => {
    if (failed.has(subject)) return;
    await work().catch((error: unknown) => {
      failed.add(subject);
      context.note(`${subject.name} left out: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  for (const subject of subjects)
    await attempt(subject, async () => {
      await measureOnce(context, subject, { ...load, durationS: load.warmUpS });
    });
  await takeTurns(subjects, context.runs, context.signal, (subject, run) =>
    attempt(subject, async () => {
      context.progress(`${load.phase}, run ${run + 1} of ${context.runs}: ${subject.name}`);
      const of = { contestant: subject.name, run };
      await keep(of, await measureOnce(context, subject, load, run));
    }),
  );
}

/** Keeps what the subject used if this is part of a run. @throws Error where any request failed */
async function measureOnce(
  context: CaseContext,
  subject: RunningSubject,
  load: LoadToMeasure,
  run?: number,
): Promise<MeasuredLoad> {
  const { paths, connections, threads, durationS, phase } = load;
  emptyLogs(subject);
  await load.prepare?.();
  subject.resetPeak();
  const before = subject.usage();
  const { url, name } = subject;
  const options = { paths, connections, threads, durationS, folder: context.folder };
  const result = await runWrk({ wrk: context.tool('wrk'), url, ...options });
  const after = subject.usage();
  if (result.errors > 0) throw new Error(`${result.errors} of ${result.requests} requests failed (${phase})`);
  if (run !== undefined) context.recordUsage({ contestant: name, phase, run }, before, after);
  return { ...result, cpuSeconds: before && after && after.cpuSeconds - before.cpuSeconds };
}
