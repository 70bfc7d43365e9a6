import { join } from 'node:path';
import { BUILD_ROWS, rowOf } from '../../test/faults/rows/rows.ts';
import { takeTurns } from '../frame/turns.ts';
import type { Case, CaseContext, Goal, RunningSubject } from '../frame/types.ts';
import { beginTurns, type TurnsUnderWay } from '../world/fault-turns.ts';
import { databaseKey } from '../world/mirror-files.ts';
import { startMirrors, type Mirrors } from '../world/mirrors.ts';
import { projectWorld, type ProjectWorld } from '../world/project.ts';
import { askedIn, bytesSent } from '../world/traffic.ts';
import { retire, secondsOfGo } from './go-turn.ts';

const LATENCY_MS = 40;
const MIRRORS = 3;
const HEALTHY = 'healthy';

/** Faults for builds in which a project's download shows nothing, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'only-probes-fail': 'every file of the project is good',
  'reused-connection': 'every file is good, and a new connection costs nothing here',
  'soft-410': 'a soft 404 by another number',
};
/** Every other fault for builds, and the one mirror that is bad and good in turn. */
const FAULTS: readonly string[] = [
  ...BUILD_ROWS.map(({ name }) => name).filter((name) => !Object.hasOwn(LEFT_OUT, name)),
  'flapping',
];
/** Whoever waits for bytes that do not come must wait a little before it knows. */
const SILENT = new Set(['hang', 'stall', 'drip-headers', 'drip-body', 'only-zips-hang']);
/** Of each sort one, to try the case out. */
const QUICK_FAULTS = ['503', 'corrupt-middle', 'flapping', 'stall'];

function goalOf(of: string): Goal {
  const value = SILENT.has(of) ? 1.5 : 1.3;
  const words = `${rowOf(of).what}: <= ${value}x of good mirrors`;
  return { measure: 'download', of, reference: { kind: 'ratio', to: HEALTHY }, op: '<=', value, words };
}

function leftOutWords(): string {
  return Object.entries(LEFT_OUT)
    .map(([name, why]) => `${rowOf(name).what} (${why})`)
    .join('; ');
}

/** A real project, cold, beside a bad mirror. */
export const BAD_MIRROR: Case = {
  number: 7,
  title: 'go mod download of the same project, one mirror of three bad in each of many ways',
  needs: ['go'],
  wants: ['rondo'],
  contestants: {
    [HEALTHY]: 'three good mirrors',
    all: 'all faults',
    ...Object.fromEntries(FAULTS.map((name) => [name, rowOf(name).what])),
  },
  measures: [
    { key: 'download', words: 'go mod download', unit: 's' },
    { key: 'upstream-requests', words: 'requests to the mirrors', unit: '1' },
    { key: 'upstream-bytes', words: 'bytes of bodies from the mirrors', unit: 'bytes' },
    { key: 'failed', words: 'downloads that failed', unit: '1' },
  ],
  goals: [
    {
      measure: 'failed',
      of: 'all',
      reference: { kind: 'value' },
      op: '<=',
      value: 0,
      every: true,
      words: 'exit 0 with each fault, in every run',
    },
    ...FAULTS.map(goalOf),
  ],
  conditions: [
    'The project, the mirrors, their distance and the checksum database of case 6. Every turn begins with an empty copy, an empty GOMODCACHE and a Rondo that was just started and knows nothing of its mirrors.',
    'The first of the three mirrors goes bad right before go starts, and stays so; flapping changes every 5 s and begins with 5 bad ones. What each fault is stands in test/faults/rows. Where a fault spoils zips alone, health checks find the mirror well.',
    `The faults are those of the table in which one mirror is bad from the beginning to the end, and flapping. Left out: ${leftOutWords()}; stale lists, since go asks for none where go.mod says every version; and faults of all mirrors, with which nothing can be downloaded.`,
    'Ratios are to the download with three good mirrors of the same run.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  const world = await projectWorld(context.tool('go'), context.progress);
  context.note(`The project: ${world.words}.`);
  const mirrors = await startMirrors(
    {
      count: MIRRORS,
      content: { kind: 'folder', folder: world.downloads },
      distance: { latencyMs: LATENCY_MS },
    },
    context.cleanup,
  );
  const failed = new Map<number, number>();
  const faults = context.quick ? QUICK_FAULTS : FAULTS;
  await takeTurns([HEALTHY, ...faults], context.runs, context.signal, async (contestant, run) => {
    context.progress(`run ${run + 1} of ${context.runs}: ${contestant}`);
    const isDone = await oneTurn(context, { world, mirrors, contestant, run });
    failed.set(run, (failed.get(run) ?? 0) + (isDone ? 0 : 1));
    context.record({ measure: 'failed', contestant, run, value: isDone ? 0 : 1 });
  });
  for (const [run, value] of failed) context.record({ measure: 'failed', contestant: 'all', run, value });
}

type Turn = {
  readonly world: ProjectWorld;
  readonly mirrors: Mirrors;
  readonly contestant: string;
  readonly run: number;
};

/** Whether go ended with 0. */
async function oneTurn(context: CaseContext, turn: Turn): Promise<boolean> {
  const { world, mirrors, contestant, run } = turn;
  let running: RunningSubject | undefined;
  let turns: TurnsUnderWay | undefined;
  try {
    const folder = join(context.folder, `${contestant}-${run}`);
    const start = { upstreams: mirrors.urls, folder, gosumdb: databaseKey() };
    running = await context.subject('rondo')?.start(start, context.cleanup);
    if (running === undefined) throw new Error('there is no Rondo');
    await mirrors.takeTraffic();
    const before = running.usage();
    if (contestant !== HEALTHY) turns = await beginTurns(rowOf(contestant).turns, mirrors);
    const value = await secondsOfGo(context, { world, args: ['mod', 'download'], goproxy: running.url });
    const record = (measure: string, value: number): void =>
      context.record({ measure, contestant, run, value });
    record('download', value);
    context.recordUsage({ contestant, phase: 'download', run }, before, running.usage());
    const traffic = await mirrors.takeTraffic();
    record('upstream-requests', askedIn(traffic).length);
    record('upstream-bytes', bytesSent(traffic));
    return true;
  } catch (error) {
    context.signal.throwIfAborted();
    context.note(`${contestant}, run ${run + 1}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  } finally {
    await turns?.end();
    await retire(running);
  }
}
