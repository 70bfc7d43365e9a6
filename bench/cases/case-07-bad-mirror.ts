import { join } from 'node:path';
import { rowOf } from '../../test/faults/rows/rows.ts';
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

/** Rows of the table of faults, and how much of a healthy download each may cost. */
const ALLOWED: Readonly<Record<string, number>> = {
  '503': 1.3,
  '500': 1.3,
  '502': 1.3,
  '429': 1.3,
  refused: 1.3,
  reset: 1.3,
  short: 1.3,
  cut: 1.3,
  html: 1.3,
  'corrupt-middle': 1.3,
  'other-version': 1.3,
  slow: 1.3,
  'hard-404': 1.3,
  flapping: 1.3,
  hang: 1.5,
  stall: 1.5,
  'drip-headers': 1.5,
  'drip-body': 1.5,
};
const FAULTS = Object.keys(ALLOWED);
/** Of each sort one, to try the case out. */
const QUICK_FAULTS = ['503', 'corrupt-middle', 'flapping', 'stall'];

function goalOf(of: string): Goal {
  const value = ALLOWED[of] ?? 1;
  const words = `${rowOf(of).what}: <= ${value}x of good mirrors`;
  return { measure: 'download', of, reference: { kind: 'ratio', to: HEALTHY }, op: '<=', value, words };
}

/** A real project, cold, beside a bad mirror. */
export const BAD_MIRROR: Case = {
  number: 7,
  title: 'go mod download of the same project, one mirror of three bad in each way',
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
