import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { leftovers, type WatchedRondo } from '../../test/faults/invariants.ts';
import { figuresOf } from '../../test/faults/rows/figures.ts';
import { fetchRaw } from '../../test/support/http-client.ts';
import { parseMetrics } from '../../test/support/rondo-process.ts';
import { tempFolder, type Cleanup } from '../../test/support/temp-folder.ts';
import { loadAverages } from '../frame/machine.ts';
import type { RunningSubject, Subject } from '../frame/types.ts';
import { databaseKey } from '../world/mirror-files.ts';
import { startMirrors, type Mirrors } from '../world/mirrors.ts';
import { runOpenLoop, type OpenLoop, type OpenLoopAnswer } from '../world/open-loop.ts';
import { buildAgain } from './build-again.ts';
import { SOAK_CONTENT, wrongFilesOf } from './copy-files.ts';
import { haveSpells } from './have-spells.ts';
import { soakPaths } from './soak-paths.ts';
import { soakPlan, type PlanSettings } from './soak-plan.ts';
import type { Afterwards, SoakResult } from './soak-result.ts';
import { figuresOfSpells } from './spell-figures.ts';
import { lookAt, watchProcess } from './watch-process.ts';

/** What is soaked, for how long and how. Times in milliseconds. */
export type SoakSettings = PlanSettings & {
  readonly rondo: Subject;
  readonly ratePerSecond: number;
  /** So long does Rondo keep a connection to a mirror that nobody needs. */
  readonly idleMs: number;
  /** Takes words on the progress. */
  readonly progress: (words: string) => void;
};

/** Of the requests, so many are for a file that nobody has asked for. */
const COLD_SHARE = 0.3;
/** The copy of the Rondo is full after some minutes, and from then on gives files up; its memory is full before that. */
const COPY_SIZE = '64MiB';
const COPY_MEMORY = '16MiB';
/** As far as mirrors nearby are. */
const LATENCY_MS = 5;
/** As many as clients have: whoever finds none free waits for one, and that counts. */
const CONNECTIONS = 256;
/** A few requests before what a Rondo has at rest is counted: its threads and pools are there. */
const WARM_UP_MS = 2000;
const WARM_UP_MODULE = 1_000_000_000;
const SETTLE_MS = 2000;
/** Of Rondo's sockets, those to whoever asks it for its own pages. */
const OWN_SOCKETS = 2;
/** Probes keep one open to each mirror, and open another where it is busy. */
const PROBES_SOCKETS = 2;
/** A mirror that hangs is left after a minute, an idle connection closed after half a one. */
const PATIENCE_MS = 100_000;
const LOOK_EVERY_MS = 500;
/** Arrivals come by chance: so many more than their mean are never reached. */
const SPARE_PATHS = 1.2;

/** Runs it to its end; what it leaves behind goes with `cleanup`. @throws where it cannot begin, or breaks off */
export async function runSoak(settings: SoakSettings, cleanup: Cleanup): Promise<SoakResult> {
  const { rondo: subject, durationMs, ratePerSecond, seed, progress } = settings;
  const folder = await tempFolder(cleanup, 'soak');
  const distance = { latencyMs: LATENCY_MS };
  const mirrors = await startMirrors({ count: 3, content: SOAK_CONTENT, distance }, cleanup);
  const running = await startRondo(subject, mirrors, join(folder, 'rondo'), settings, cleanup);
  const rondo = watchedOf(running);
  const load = loadOf(running.url, settings);
  await warmUp(load, seed, cleanup);
  const ports = new Set(mirrors.urls.map((url) => Number(new URL(url).port)));
  const before = await lookAt(rondo.pid, ports);
  const idleSockets = before.sockets - before.toMirrors + OWN_SOCKETS;

  await mirrors.takeTraffic();
  const ended = new AbortController();
  const watch = watchProcess(rondo.pid, ports);
  const cpuBefore = running.usage()?.cpuSeconds ?? Number.NaN;
  const plan = soakPlan(settings);
  const through = { goproxy: running.url, gosumdb: databaseKey(), buildCache: join(folder, 'gocache') };
  const [{ answers, lag }, builds, attempts] = await Promise.all([
    runOpenLoop(load, cleanup).finally(() => {
      watch.end();
      ended.abort();
    }),
    buildAgain(through, ended.signal),
    haveSpells(plan, { mirrors, running, progress, signal: ended.signal }),
  ]);
  const cpuSeconds = (running.usage()?.cpuSeconds ?? Number.NaN) - cpuBefore;
  const loadAverage = loadAverages()[0] ?? 0;
  progress('waiting until it is quiet');
  const after = await whenQuiet(rondo, idleSockets, ports);
  const metrics = await rondo.metrics();
  return {
    minutes: durationMs / 60_000,
    ratePerSecond,
    seed,
    spells: figuresOfSpells(plan, answers),
    rows: new Set(plan.map(({ row }) => row)).size,
    figures: figuresOf(answers, attempts),
    cold: new Set(answers.map(({ path }) => path)).size,
    troubles: troublesOf(answers),
    lagP99Ms: lag.p99,
    loadAverage,
    cpuSeconds,
    builds,
    before,
    samples: watch.samples,
    after,
    evictedFiles: metrics('rondo_store_evicted_files_total'),
  };
}

/** With its defaults, but for the size of the copy and of its memory, and how long a liar is left alone: else none would be heard twice. */
function startRondo(
  subject: Subject,
  { urls }: Mirrors,
  folder: string,
  { quarantineMs, idleMs }: SoakSettings,
  cleanup: Cleanup,
): Promise<RunningSubject> {
  const settings = {
    RONDO_CACHE_MAX_SIZE: COPY_SIZE,
    RONDO_CACHE_MEMORY: COPY_MEMORY,
    RONDO_CONNECTIONS_IDLE: `${idleMs}ms`,
    RONDO_BREAKER_QUARANTINE: `${quarantineMs}ms`,
    // The database is at no address: the mirrors have it.
    RONDO_VERIFY_DIRECT: 'false',
  };
  return subject.start({ upstreams: urls, folder, gosumdb: databaseKey(), settings }, cleanup);
}

function watchedOf({ url, pid, folder }: RunningSubject): WatchedRondo {
  const metrics = async () => parseMetrics((await fetchRaw(`${url}/metrics`)).body.toString());
  return { url, pid, cacheDir: join(folder, 'copy'), metrics };
}

function loadOf(baseUrl: string, { ratePerSecond, durationMs, seed }: SoakSettings): OpenLoop {
  const count = Math.ceil((ratePerSecond * durationMs * SPARE_PATHS) / 1000);
  return {
    baseUrl,
    paths: soakPaths({ count, coldShare: COLD_SHARE, firstModule: 1, seed }),
    ratePerSecond,
    durationMs,
    seed,
    connections: 'all',
    maxConnections: CONNECTIONS,
    content: SOAK_CONTENT,
  };
}

/** @throws where not even good mirrors make it right */
async function warmUp(load: OpenLoop, seed: number, cleanup: Cleanup): Promise<void> {
  const paths = soakPaths({ count: load.paths.length, coldShare: 0.5, firstModule: WARM_UP_MODULE, seed });
  const { errors } = await runOpenLoop({ ...load, paths, durationMs: WARM_UP_MS }, cleanup);
  const [trouble] = Object.keys(errors);
  if (trouble !== undefined) throw new Error(`while all mirrors are good: ${trouble}`);
  await sleep(SETTLE_MS);
}

/** Waits until nothing is left behind, or for so long that it will not go: what is idle goes too. */
async function whenQuiet(
  rondo: WatchedRondo,
  idleSockets: number,
  ports: ReadonlySet<number>,
): Promise<Afterwards> {
  const startMs = performance.now();
  const leftNow = async (): Promise<string[]> => {
    const [left, { toMirrors }] = await Promise.all([
      leftovers(rondo, idleSockets),
      lookAt(rondo.pid, ports),
    ]);
    if (toMirrors > PROBES_SOCKETS * ports.size) left.push(`${toMirrors} sockets to mirrors`);
    return left;
  };
  let left = await leftNow();
  while (left.length > 0 && performance.now() - startMs < PATIENCE_MS) {
    await sleep(LOOK_EVERY_MS);
    left = await leftNow();
  }
  return { ...(await lookAt(rondo.pid, ports)), left, wrongFiles: await wrongFilesOf(rondo.cacheDir) };
}

/** What went wrong, with the first request of its kind. */
function troublesOf(answers: readonly OpenLoopAnswer[]): Record<string, number> {
  const kinds = Map.groupBy(
    answers.filter(({ ending }) => ending !== 'right'),
    ({ ending, said }) => `${ending}: ${said}`,
  );
  const named = [...kinds].map(([words, [first, ...more]]) => {
    const where = first === undefined ? '' : `, ${first.path} after ${Math.round(first.dueMs)} ms`;
    return [`${words}${where}`, 1 + more.length] as const;
  });
  return Object.fromEntries(named);
}
