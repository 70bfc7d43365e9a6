import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bigModule } from '../../test/support/fixture-modules.ts';
import { fetchRaw } from '../../test/support/http-client.ts';
import { takeTurns } from '../frame/turns.ts';
import type { Case, CaseContext, RunningSubject } from '../frame/types.ts';
import { databaseKey } from '../world/mirror-files.ts';
import { startMirrors, type Mirrors } from '../world/mirrors.ts';
import { layOutDownloads } from './fixture-downloads.ts';
import { retire } from './go-turn.ts';
import { filePath, warmUp } from './warm-world.ts';

const WINDOW_MS = { whole: 60_000, quick: 5000 } as const;
const ZIPS = 4;
const PRELOAD = new URL('../world/loop-delay.ts', import.meta.url);

/** How long others wait while zips are verified. */
export const EVENT_LOOP: Case = {
  number: 14,
  title: 'event-loop delay while 4 zips of 100 MiB are verified',
  needs: [],
  wants: ['rondo'],
  contestants: { idle: 'Rondo, idle', verifying: 'Rondo, 4 zips' },
  measures: [
    { key: 'p999', words: '99.9th percentile of the event-loop delay', unit: 'ms' },
    { key: 'longest', words: 'longest delay', unit: 'ms' },
  ],
  goals: [
    {
      measure: 'p999',
      of: 'verifying',
      reference: { kind: 'difference', from: 'idle' },
      op: '<=',
      value: 10,
      words: 'p99.9 <= that of the idle Rondo + 10 ms',
    },
    {
      measure: 'p999',
      of: 'verifying',
      reference: { kind: 'value' },
      op: '<=',
      value: 47,
      words: 'p99.9 never over 47 ms',
    },
  ],
  conditions: [
    'Measured inside of Rondo by perf_hooks.monitorEventLoopDelay with a resolution of 1 ms, over 60 s; the delay of a loop that does nothing is that resolution.',
    `Within that time ${ZIPS} zips of 100 MiB are asked for at once, cold, from a mirror on the same machine: they are received, spooled, verified in worker threads (one less than there are cores) and kept.`,
    'Both have been started just before and have served one small zip. The machine does nothing else, but the mirror and the client share its cores.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  const sizeMiB = context.quick ? 10 : 100;
  const names = Array.from({ length: ZIPS }, (_, index) => `example.com/bench/large${index}`);
  const [warm, ...zips] = await Promise.all([
    bigModule('example.com/bench/warm', 'v1.0.0', 1),
    ...names.map((name) => bigModule(name, 'v1.0.0', sizeMiB)),
  ]);
  const served = join(context.folder, 'served');
  layOutDownloads(served, [warm, ...zips]);
  const mirrors = await startMirrors(
    { count: 1, content: { kind: 'folder', folder: served }, distance: { latencyMs: 0 } },
    context.cleanup,
  );
  const paths = { idle: [], verifying: zips.map((zip) => filePath(zip, 'zip')) } as const;
  await takeTurns(['idle', 'verifying'] as const, context.runs, context.signal, async (contestant, run) => {
    context.progress(`run ${run + 1} of ${context.runs}: ${contestant}`);
    await oneTurn(context, {
      mirrors,
      contestant,
      paths: paths[contestant],
      warmPath: filePath(warm, 'zip'),
      run,
    });
  });
}

type Turn = {
  readonly mirrors: Mirrors;
  readonly contestant: string;
  readonly paths: readonly string[];
  readonly warmPath: string;
  readonly run: number;
};

async function oneTurn(
  context: CaseContext,
  { mirrors, contestant, paths, warmPath, run }: Turn,
): Promise<void> {
  let running: RunningSubject | undefined;
  try {
    const folder = join(context.folder, `${contestant}-${run}`);
    mkdirSync(folder, { recursive: true });
    const begin = join(folder, 'begin');
    const file = join(folder, 'delay.json');
    const windowMs = context.quick ? WINDOW_MS.quick : WINDOW_MS.whole;
    const env = {
      NODE_OPTIONS: `--import=${PRELOAD.href}`,
      LOOP_DELAY_BEGIN: begin,
      LOOP_DELAY_FILE: file,
      LOOP_DELAY_MS: String(windowMs),
    };
    const start = { upstreams: mirrors.urls, folder, gosumdb: databaseKey(), env };
    running = await context.subject('rondo')?.start(start, context.cleanup);
    if (running === undefined) return;
    const { url } = running;
    await warmUp(url, warmPath);
    writeFileSync(begin, '');
    await sleep(windowMs / 10);
    const before = running.usage();
    for (const { status } of await Promise.all(paths.map((path) => fetchRaw(url + path)))) {
      if (status !== 200) context.note(`${contestant}: status ${status}`);
    }
    await sleep((windowMs * 9) / 10 + 500, undefined, { signal: context.signal });
    for (let waited = 0; !existsSync(file) && waited < 100; waited += 1) await sleep(100);
    const { p999Ms, maxMs } = JSON.parse(readFileSync(file, 'utf8')) as { p999Ms: number; maxMs: number };
    context.record({ measure: 'p999', contestant, run, value: p999Ms });
    context.record({ measure: 'longest', contestant, run, value: maxMs });
    context.recordUsage({ contestant, phase: 'window', run }, before, running.usage());
  } finally {
    await retire(running);
  }
}
