import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bigModule } from '../../test/support/fixture-modules.ts';
import { takeTurns } from '../frame/turns.ts';
import type { Case, CaseContext, Goal, RunningSubject } from '../frame/types.ts';
import { sendCrowd } from '../world/crowd.ts';
import { databaseKey } from '../world/mirror-files.ts';
import { startMirrors, type Mirrors } from '../world/mirrors.ts';
import { timesAsked } from '../world/traffic.ts';
import { layOutDownloads } from './fixture-downloads.ts';
import { Failures, retire } from './go-turn.ts';
import { filePath, warmUp, zipModule } from './warm-world.ts';

const MIB = 2 ** 20;
const SIZES_MIB = [10, 50] as const;
/** Longer than Rondo holds an answer back, so that most of the crowd is served while the zip still comes. */
const ZIP_OVER_MS = 8000;
const LIMIT_MS = 280_000;
const SETTLE_MS = 1000;

function contestantOf(sizeMiB: number): string {
  return `zip-${sizeMiB}`;
}

/** Goals that hold for each size on its own. */
function goalsOf(sizeMiB: number): Goal[] {
  const of = contestantOf(sizeMiB);
  const reference = { kind: 'value' } as const;
  return [
    {
      measure: 'fetches',
      of,
      reference,
      op: '<=',
      value: 1,
      words: `${sizeMiB} MiB: one fetch from the mirrors`,
    },
    {
      measure: 'growth',
      of,
      reference,
      op: '<=',
      value: 96 * MIB,
      words: `${sizeMiB} MiB: resident memory + <= 96 MiB`,
    },
    { measure: 'served', of, reference, op: '>=', value: 100, words: `${sizeMiB} MiB: every client has all` },
  ];
}

const SAME = { measure: 'growth', of: 'zip-50', reference: { kind: 'ratio', to: 'zip-10' } } as const;

/** Everybody wants the same zip. */
export const CROWD: Case = {
  number: 5,
  title: '1000 clients ask for one cold zip of 10 and of 50 MiB',
  needs: [],
  wants: ['rondo'],
  contestants: { 'zip-10': 'Rondo, 10 MiB', 'zip-50': 'Rondo, 50 MiB' },
  measures: [
    { key: 'growth', words: 'peak of resident memory over that before', unit: 'bytes' },
    { key: 'fetches', words: 'requests for the zip to the mirrors', unit: '1' },
    { key: 'served', words: 'clients that got every byte', unit: '%' },
    { key: 'took', words: 'until the last of them had it', unit: 's' },
  ],
  goals: [
    ...SIZES_MIB.flatMap(goalsOf),
    { ...SAME, op: '<=', value: 1.1, words: 'growth for 50 MiB <= 1.1x that for 10 MiB' },
    { ...SAME, op: '>=', value: 0.9, words: 'growth for 50 MiB >= 0.9x that for 10 MiB' },
  ],
  conditions: [
    'Three mirrors on loopback that send the zip evenly over 8 s. 1000 connections out of one process, which compares every byte with the original as it comes; all of them ask at once.',
    'Each turn has a Rondo that was just started, has an empty copy and has served a zip of 16 MiB of another module: what any zip needs is there before memory is measured. It verifies with a checksum database signed by a test key.',
    'Peers have no part in it: one fetch for each client, as two of them make, would be 50 GB.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  const [warm, ...zips] = await Promise.all([
    bigModule('example.com/bench/warm', 'v1.0.0', 16),
    ...SIZES_MIB.map(zipModule),
  ]);
  const folder = join(context.folder, 'served');
  layOutDownloads(folder, [warm, ...zips]);
  const settings = {
    count: 3,
    content: { kind: 'folder', folder },
    distance: { latencyMs: 5, zipOverMs: context.quick ? ZIP_OVER_MS / 4 : ZIP_OVER_MS },
  } as const;
  const mirrors = await startMirrors(settings, context.cleanup);
  const failures = new Failures(context);
  const files = SIZES_MIB.map((sizeMiB, index) => ({
    contestant: contestantOf(sizeMiB),
    path: zips[index] === undefined ? '' : filePath(zips[index], 'zip'),
  }));
  await takeTurns(files, context.runs, context.signal, ({ contestant, path }, run) =>
    failures.attempt(contestant, async () => {
      context.progress(`run ${run + 1} of ${context.runs}: ${contestant}`);
      await oneTurn(context, {
        mirrors,
        contestant,
        path,
        served: folder,
        warmPath: filePath(warm, 'zip'),
        run,
      });
    }),
  );
}

type Turn = {
  readonly mirrors: Mirrors;
  readonly contestant: string;
  readonly path: string;
  readonly served: string;
  readonly warmPath: string;
  readonly run: number;
};

async function oneTurn(context: CaseContext, turn: Turn): Promise<void> {
  const { mirrors, contestant, path, served, warmPath, run } = turn;
  let running: RunningSubject | undefined;
  try {
    const folder = join(context.folder, `${contestant}-${run}`);
    const start = { upstreams: mirrors.urls, folder, gosumdb: databaseKey() };
    running = await context.subject('rondo')?.start(start, context.cleanup);
    if (running === undefined) return;
    await warmUp(running.url, warmPath);
    await sleep(SETTLE_MS);
    await mirrors.takeTraffic();
    running.resetPeak();
    const before = running.usage();
    const clients = context.quick ? 100 : 1000;
    const crowd = { url: running.url + path, clients, expectedFile: join(served, path), limitMs: LIMIT_MS };
    const { served: happy, errors, tookMs } = await sendCrowd(crowd, context.cleanup);
    const after = running.usage();
    const record = (measure: string, value: number): void =>
      context.record({ measure, contestant, run, value });
    for (const [words, count] of Object.entries(errors)) context.note(`${contestant}: ${count}x ${words}`);
    record('served', (happy / clients) * 100);
    record('took', tookMs / 1000);
    record('fetches', timesAsked(await mirrors.takeTraffic(), path));
    if (before && after) record('growth', after.peakBytes - before.residentBytes);
    context.recordUsage({ contestant, phase: `${clients} clients`, run }, before, after);
  } finally {
    await retire(running);
  }
}
