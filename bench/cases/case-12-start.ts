import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMirror } from '../../test/support/mirror-process.ts';
import { takeTurns } from '../frame/turns.ts';
import { timeCommand } from '../load/time-command.ts';
import { rondoEnvironment } from '../subjects/rondo.ts';
import type { Case, CaseContext, Subject, SubjectStart } from '../frame/types.ts';
import { filePath, layOut, smallModules, warmUp } from './warm-world.ts';

/** The median of 20, as the goal for `exec` says, or of more runs if more are asked for. */
const STARTS = { whole: 20, quick: 3 } as const;
const IDLE_S = { whole: 5, quick: 1 } as const;
const MIB = 2 ** 20;

/** From nothing to the first answer. */
export const START: Case = {
  number: 12,
  title: 'start to first answer, `rondo exec -- true`, idle memory',
  needs: [],
  wants: ['rondo', 'goproxy', 'goproxyio', 'athens', 'nginx'],
  contestants: {
    'rondo-cold': 'Rondo, no compile cache yet',
    'rondo-sources': 'Rondo, from sources',
    'rondo-exec': 'rondo exec -- true',
    true: 'true',
  },
  measures: [
    { key: 'first-answer', words: 'start to first answer', unit: 'ms' },
    { key: 'command', words: 'start to exit', unit: 'ms' },
    { key: 'idle', words: 'resident when idle', unit: 'bytes' },
  ],
  goals: [
    {
      measure: 'first-answer',
      of: 'rondo',
      reference: { kind: 'value' },
      op: '<=',
      value: 150,
      words: 'published bundle, start to first answer <= 150 ms',
    },
    {
      measure: 'first-answer',
      of: 'rondo-sources',
      reference: { kind: 'value' },
      op: '<=',
      value: 500,
      words: 'from sources, start to first answer <= 500 ms',
    },
    {
      measure: 'command',
      of: 'rondo-exec',
      reference: { kind: 'difference', from: 'true' },
      op: '<=',
      value: 200,
      words: '`rondo exec -- true` over `true` <= 200 ms',
    },
    {
      measure: 'idle',
      of: 'rondo',
      reference: { kind: 'value' },
      op: '<=',
      value: 80 * MIB,
      words: 'idle memory <= 80 MiB (of case 13)',
    },
  ],
  conditions: [
    `First answer: from just before the process is spawned to the status 200 of a .mod that is in its copy, asked for every 2 ms from a new connection. ${STARTS.whole} starts of each, in turns.`,
    'The bundle is laid out as npm installs it and run by Node directly (`node bin/rondo.mjs`); its compile cache is the one that an earlier start left, except where "no compile cache yet" is said.',
    '`rondo exec -- true` and `true`: from spawning to the exit, through the bundle, warm.',
    'Idle memory: the resident set of the process and its children 5 s after the first answer, nothing asked since.',
  ],
  run,
};

type Starter = { readonly contestant: string; readonly subject: Subject; readonly options: SubjectStart };

async function run(context: CaseContext): Promise<void> {
  const modules = await smallModules(1, 1);
  const [module] = modules;
  if (module === undefined) throw new Error('no module');
  const firstPath = filePath(module, 'mod');
  const mirror = await startMirror({ modules }, context.cleanup);
  const served = join(context.folder, 'served');
  const starters: Starter[] = context.subjects(...START.wants).map((subject) => ({
    contestant: subject.name,
    subject,
    options: { upstreams: [mirror.url], folder: join(context.folder, subject.name), served, firstPath },
  }));
  layOut(served, modules);
  const rondo = starters.find(({ contestant }) => contestant === 'rondo');
  if (rondo === undefined) throw new Error('no Rondo');
  const another = (contestant: string, form: 'bundle' | 'sources'): Starter => {
    const folder = join(context.folder, contestant);
    return { contestant, subject: rondo.subject, options: { ...rondo.options, folder, form } };
  };
  starters.push(another('rondo-cold', 'bundle'), another('rondo-sources', 'sources'));
  const ready = await warmed(context, starters, firstPath);
  const starts = context.quick ? STARTS.quick : Math.max(STARTS.whole, context.runs);
  await takeTurns(ready, starts, context.signal, (starter, index) => measureStart(context, starter, index));
  await measureExec(context, rondo.options, starts);
  const idlers = ready.filter(({ contestant, subject }) => contestant === subject.name);
  await takeTurns(idlers, context.runs, context.signal, (starter, index) =>
    measureIdle(context, starter, index),
  );
}

/** Fills the copy and the compile cache of each. One that does not start is noted and left out. */
async function warmed(
  context: CaseContext,
  starters: readonly Starter[],
  firstPath: string,
): Promise<Starter[]> {
  const ready: Starter[] = [];
  for (const starter of starters) {
    context.progress(`warming ${starter.contestant}`);
    try {
      const running = await starter.subject.start(starter.options, context.cleanup);
      await warmUp(running.url, firstPath);
      // An orderly end writes the compile cache.
      await running.stop();
      ready.push(starter);
    } catch (error) {
      context.note(
        `${starter.contestant} left out: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return ready;
}

async function measureStart(context: CaseContext, starter: Starter, run: number): Promise<void> {
  const { contestant, subject, options } = starter;
  // The compiled program lies in the user's own cache folder, and each subject has a home of its own.
  if (contestant === 'rondo-cold') rmSync(join(options.folder, 'home'), { recursive: true, force: true });
  const running = await subject.start(options, context.cleanup);
  const value = running.readyAfterMs;
  context.record({ measure: 'first-answer', contestant, run, value });
  context.recordUsage(
    { contestant, phase: 'start', run },
    { cpuSeconds: 0, peakBytes: 0, residentBytes: 0 },
    running.usage(),
  );
  await running.stop();
}

async function measureIdle(context: CaseContext, starter: Starter, run: number): Promise<void> {
  const { contestant, subject, options } = starter;
  context.progress(`idle, run ${run + 1} of ${context.runs}: ${contestant}`);
  const running = await subject.start(options, context.cleanup);
  await sleep((context.quick ? IDLE_S.quick : IDLE_S.whole) * 1000, undefined, { signal: context.signal });
  const usage = running.usage();
  if (usage !== undefined) context.record({ measure: 'idle', contestant, run, value: usage.residentBytes });
  await running.stop();
}

async function measureExec(context: CaseContext, options: SubjectStart, starts: number): Promise<void> {
  const { folder } = options;
  const flags = ['--cache-dir', join(folder, 'copy')];
  const commands = [
    { contestant: 'rondo-exec', command: [...context.rondoCommand(), 'exec', ...flags, '--', 'true'] },
    { contestant: 'true', command: ['true'] },
  ] as const;
  const own = { PATH: process.env['PATH'] ?? '', HOME: join(folder, 'home'), TMPDIR: join(folder, 'tmp') };
  const env = { ...own, ...rondoEnvironment(options) };
  const once = async ({ contestant, command }: (typeof commands)[number]): Promise<number> => {
    const [program, ...args] = command;
    const { code, tookMs, stderr } = await timeCommand([program ?? '', ...args], { cwd: folder, env });
    if (code !== 0) throw new Error(`${contestant} ended with ${code}: ${stderr}`);
    return tookMs;
  };
  for (const each of commands) await once(each);
  await takeTurns(commands, starts, context.signal, async (each, run) => {
    context.record({ measure: 'command', contestant: each.contestant, run, value: await once(each) });
  });
}
