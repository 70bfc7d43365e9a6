import type { Case, CaseContext, Goal, Measure } from '../frame/types.ts';
import { measureInTurns } from './measure-load.ts';
import { filePath, warmWorld, zipModule } from './warm-world.ts';

/** Sizes in MiB, and how many connections read at the same time. */
const ZIPS = [
  { sizeMiB: 4, connections: 16 },
  { sizeMiB: 50, connections: 4 },
] as const;

const PEERS = [
  { name: 'goproxy', words: 'goproxy/goproxy' },
  { name: 'nginx', words: 'nginx' },
] as const;

/** Warm zips. */
export const ZIP_FILES: Case = {
  number: 2,
  title: 'warm zips of 4 and 50 MiB',
  needs: ['wrk'],
  wants: ['rondo', 'goproxy', 'goproxyio', 'athens', 'nginx'],
  measures: ZIPS.flatMap(({ sizeMiB }): Measure[] => [
    { key: `rate-${sizeMiB}`, words: `${sizeMiB} MiB, bytes a second`, unit: 'bytes/s' },
    { key: `per-cpu-second-${sizeMiB}`, words: `${sizeMiB} MiB, bytes per CPU-second`, unit: 'bytes/s' },
  ]),
  goals: ZIPS.flatMap(({ sizeMiB }) =>
    PEERS.map(({ name, words }): Goal => ({
      measure: `rate-${sizeMiB}`,
      of: 'rondo',
      reference: { kind: 'ratio', to: name },
      op: '>=',
      value: 1,
      words: `${sizeMiB} MiB zip, bytes a second >= 1.0x ${words}`,
    })),
  ),
  conditions: [
    'wrk, two threads, 16 connections for the 4 MiB zip and 4 for the 50 MiB one, 5 s a turn after 2 s of warming up; the files are in the page cache.',
    'On a machine with few cores the rate is bound by wrk, which shares them: bytes per CPU-second of the subject’s own processes stand beside it, without a goal.',
    'Access logs as in case 1; GOSUMDB=off for all.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  const modules = await Promise.all(ZIPS.map(({ sizeMiB }) => zipModule(sizeMiB)));
  const paths = modules.map((module) => filePath(module, 'zip'));
  const subjects = context.subjects(...ZIP_FILES.wants);
  const { warm } = await warmWorld(context, subjects, modules, paths);
  for (const [index, { sizeMiB, connections }] of ZIPS.entries()) {
    const load = {
      paths: paths.slice(index, index + 1),
      connections,
      threads: 2,
      phase: `${sizeMiB} MiB`,
      durationS: context.quick ? 1 : 5,
      warmUpS: context.quick ? 1 : 2,
    };
    await measureInTurns(context, warm, load, (of, { bytes, seconds, cpuSeconds }) => {
      context.record({ ...of, measure: `rate-${sizeMiB}`, value: bytes / seconds });
      if (cpuSeconds !== undefined && cpuSeconds > 0)
        context.record({ ...of, measure: `per-cpu-second-${sizeMiB}`, value: bytes / cpuSeconds });
    });
  }
}
