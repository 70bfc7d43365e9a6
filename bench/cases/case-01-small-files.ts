import type { Case, CaseContext } from '../frame/types.ts';
import { measureInTurns } from './measure-load.ts';
import { filePath, smallModules, warmWorld } from './warm-world.ts';

const MODULES = 20;
const CONNECTIONS = 64;

/** Warm `.mod` and `.info`, 64 connections. */
export const SMALL_FILES: Case = {
  number: 1,
  title: 'warm .mod and .info, 64 connections, access log and metrics on',
  needs: ['wrk'],
  wants: ['rondo', 'goproxy', 'goproxyio', 'athens', 'nginx'],
  measures: [
    { key: 'per-cpu-second', words: 'requests per CPU-second', unit: 'requests/s' },
    { key: 'rate', words: 'requests a second', unit: 'requests/s' },
  ],
  goals: [
    {
      measure: 'per-cpu-second',
      of: 'rondo',
      reference: { kind: 'ratio', to: 'goproxy' },
      op: '>=',
      value: 1.3,
      words: 'requests per CPU-second >= 1.3x goproxy/goproxy',
    },
    {
      measure: 'per-cpu-second',
      of: 'rondo',
      reference: { kind: 'ratio', to: 'nginx' },
      op: '>=',
      value: 0.4,
      words: 'requests per CPU-second >= 0.4x nginx with its access log on',
    },
  ],
  conditions: [
    `wrk, one thread, ${CONNECTIONS} connections, 8 s a turn after 3 s of warming up: the .mod and .info of ${MODULES} modules in turn, all in the copies.`,
    'CPU time is that of the subject’s own processes, wrk’s not among it; it runs on the same machine.',
    'Rondo writes one JSON line a request to a file and keeps its metrics; nginx writes `access_log FILE` (combined, unbuffered), two workers, sendfile on; Athens and goproxyio log one line a request; goproxy/goproxy has no access log.',
    'GOSUMDB=off for all: the files are made up. It makes no difference once they are in the copy.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  const modules = await smallModules(MODULES, 1);
  const paths = modules.flatMap((module) => [filePath(module, 'mod'), filePath(module, 'info')]);
  const subjects = context.subjects(...SMALL_FILES.wants);
  const { warm } = await warmWorld(context, subjects, modules, paths);
  const durationS = context.quick ? 1 : 8;
  const warmUpS = context.quick ? 1 : 3;
  const load = { paths, connections: CONNECTIONS, threads: 1, phase: 'load', durationS, warmUpS };
  await measureInTurns(context, warm, load, (of, { requests, seconds, cpuSeconds }) => {
    context.record({ ...of, measure: 'rate', value: requests / seconds });
    if (cpuSeconds !== undefined && cpuSeconds > 0)
      context.record({ ...of, measure: 'per-cpu-second', value: requests / cpuSeconds });
  });
}
