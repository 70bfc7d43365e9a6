import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { driveRow } from '../../test/faults/rows/drive-row.ts';
import { quickened, type Row } from '../../test/faults/rows/row.ts';
import { rowWorld, type RowWorld } from '../../test/faults/rows/row-world.ts';
import { fixtureModule, type FixtureModule } from '../../test/support/fixture-modules.ts';
import { fetchRaw } from '../../test/support/http-client.ts';
import { startMirror, type MirrorProcess } from '../../test/support/mirror-process.ts';
import type { Cleanup } from '../../test/support/temp-folder.ts';
import { retire } from '../cases/go-turn.ts';
import { filePath } from '../cases/warm-world.ts';
import type { RunningSubject, Subject, SubjectStart } from '../frame/types.ts';
import { faultSample, type FaultSample } from './fault-sample.ts';

/** What the mirrors of all lanes carry: that of the rows, and more that no row asks for. */
export type LaneWorld = {
  readonly rows: RowWorld;
  readonly modules: readonly FixtureModule[];
  /** Asked of every contestant before a row begins. */
  readonly warmPaths: readonly string[];
};

/** One contestant and the three mirrors that only it asks. */
export type Lane = {
  readonly subject: Subject;
  readonly mirrors: readonly MirrorProcess[];
  readonly gosumdb: string;
};

/** How a row is measured. */
export type Measuring = {
  readonly world: LaneWorld;
  /** From 0. */
  readonly run: number;
  /** By which all times of the row are divided; 1 for what is to be kept. */
  readonly divisor: number;
  readonly folder: string;
  readonly cleanup: Cleanup;
  /** A sentence for the results: a contestant that failed and how. */
  readonly note: (words: string) => void;
};

const NAMES = ['a', 'b', 'c'];
/** As far away as the mirrors of the cases. */
const LATENCY_MS = 40;
const WARM_MODULES = 20;
const WARM_AT_A_TIME = 4;
/** Every contestant has checked its mirrors by then. */
const SETTLE_MS = 2500;

/** Makes the world; the same every time. */
export async function laneWorld(): Promise<LaneWorld> {
  const rows = await rowWorld();
  const warm = await Promise.all(
    Array.from({ length: WARM_MODULES }, (_, index) =>
      fixtureModule({ path: `example.com/warm/m${index}`, version: 'v1.0.0' }),
    ),
  );
  for (const { path, version, zipH1, modH1 } of warm) rows.database.add(path, version, zipH1, modH1);
  // The real file: by it all check their mirrors, and Rondo by its bytes.
  const probed = await fixtureModule({
    path: 'golang.org/x/text',
    version: 'v0.3.0',
    goMod: 'module golang.org/x/text\n',
  });
  const kinds = ['mod', 'info', 'zip'] as const;
  return {
    rows,
    modules: [...rows.modules, ...warm, probed],
    warmPaths: warm.flatMap((module) => kinds.map((kind) => filePath(module, kind))),
  };
}

/** Starts three mirrors for each subject. They end with `cleanup`. */
export async function openLanes(
  subjects: readonly Subject[],
  world: LaneWorld,
  cleanup: Cleanup,
): Promise<Lane[]> {
  const content = { modules: world.modules, database: world.rows.database, delayMs: LATENCY_MS };
  const lanes: Lane[] = [];
  for (const subject of subjects) {
    const mirrors = NAMES.map((name) => startMirror({ ...content, name }, cleanup));
    const gosumdb = await databaseFor(subject, world, cleanup);
    lanes.push({ subject, mirrors: await Promise.all(mirrors), gosumdb });
  }
  return lanes;
}

/**
 * goproxy/goproxy asks the database of the first mirror that has it, for as long as it runs: it would fail with that
 * one. At its best it asks the database itself, which is always there. Rondo has it from its mirrors.
 */
async function databaseFor(
  { name }: Subject,
  { rows: { database } }: LaneWorld,
  cleanup: Cleanup,
): Promise<string> {
  if (name !== 'goproxy') return database.key;
  const server = await startMirror({ modules: [], database, delayMs: LATENCY_MS, name: 'database' }, cleanup);
  return `${database.key} ${server.url}/sumdb/${database.name}`;
}

/**
 * Takes all contestants through a row at the same time. Each was just started and has served a few other modules, from
 * good mirrors; the load begins when all have. One that does not start is noted and has no sample.
 */
export async function measureRow(
  row: Row,
  lanes: readonly Lane[],
  measuring: Measuring,
): Promise<FaultSample[]> {
  const started = await Promise.all(lanes.map((lane) => startIn(lane, row, measuring)));
  try {
    for (const running of started) if (running !== undefined) await warmUp(running, measuring);
    await sleep(SETTLE_MS);
    const driven = await Promise.all(
      lanes.map(async ({ mirrors }, index) => {
        const running = started[index];
        if (running === undefined) return [];
        const { world, divisor, run } = measuring;
        const heard = await driveRow(row, { url: running.url, mirrors, world: world.rows }, divisor);
        return [faultSample(quickened(row, divisor), heard, { contestant: running.name, run })];
      }),
    );
    return driven.flat();
  } finally {
    for (const running of started) await retire(running);
    for (const mirror of lanes.flatMap(({ mirrors }) => mirrors)) await mirror.clearFaults();
  }
}

async function startIn(
  { subject, mirrors, gosumdb }: Lane,
  row: Row,
  { run, folder, cleanup, note }: Measuring,
): Promise<RunningSubject | undefined> {
  for (const mirror of mirrors) await mirror.clearFaults();
  const settings = settingsOf(row);
  try {
    return await subject.start(
      {
        upstreams: mirrors.map(({ url }) => url),
        separator: '|',
        folder: join(folder, `${subject.name}-${row.name}-${run}`),
        gosumdb,
        ...(settings && { settings }),
      },
      cleanup,
    );
  } catch (error) {
    note(`${subject.label}, ${row.name}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** As a program is that has run for a while: its parts loaded, its mirrors known. */
async function warmUp(running: RunningSubject, { world, note }: Measuring): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const queue = world.warmPaths.values();
  const worker = async (): Promise<void> => {
    for (const path of queue) {
      const { status } = await fetchRaw(running.url + path, { agent });
      if (status !== 200) note(`${running.name}: ${status} for ${path} though all mirrors are good`);
    }
  };
  await Promise.all(Array.from({ length: WARM_AT_A_TIME }, worker));
  agent.destroy();
}

/** What Rondo is told so that it meets the fault at all; all else is as it comes. */
function settingsOf({ rondo }: Row): SubjectStart['settings'] {
  const fresh = rondo?.config?.['cache']?.['fresh_ttl'];
  return fresh === undefined ? undefined : { RONDO_CACHE_FRESH_TTL: fresh };
}
