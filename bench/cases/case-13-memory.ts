import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { bigModule } from '../../test/support/fixture-modules.ts';
import type { Case, CaseContext, RunningSubject } from '../frame/types.ts';
import { sendCrowd } from '../world/crowd.ts';
import { databaseKey } from '../world/mirror-files.ts';
import { startMirrors, type Mirrors } from '../world/mirrors.ts';
import { layOutDownloads } from './fixture-downloads.ts';
import { retire } from './go-turn.ts';
import { filePath, warmUp } from './warm-world.ts';

const MIB = 2 ** 20;
const ZIPS = 4;
const STREAMS_OF_EACH = 25;
const SETTLE_MS = 2000;
const LIMIT_MS = 280_000;

/** What large files cost. */
export const MEMORY: Case = {
  number: 13,
  title: 'memory: idle, and 100 streams of 100 MiB',
  needs: [],
  wants: ['rondo'],
  measures: [
    { key: 'idle', words: 'resident when idle, before anything was asked', unit: 'bytes' },
    { key: 'growth', words: 'peak of resident memory over that before the streams', unit: 'bytes' },
    { key: 'served', words: 'streams that came whole', unit: '%' },
  ],
  goals: [
    {
      measure: 'idle',
      of: 'rondo',
      reference: { kind: 'value' },
      op: '<=',
      value: 80 * MIB,
      words: 'idle <= 80 MiB',
    },
    {
      measure: 'growth',
      of: 'rondo',
      reference: { kind: 'value' },
      op: '<=',
      value: 64 * MIB,
      words: '100 streams of 100 MiB: + <= 64 MiB',
    },
    {
      measure: 'served',
      of: 'rondo',
      reference: { kind: 'value' },
      op: '>=',
      value: 100,
      words: 'every stream is whole',
    },
  ],
  conditions: [
    `${ZIPS} zips of 100 MiB in the copy, each asked for by ${STREAMS_OF_EACH} clients, all at once, out of ${ZIPS} processes that compare every byte.`,
    'Each turn has a Rondo that was just started with an empty copy and has fetched and verified the zips: what that needs is there before the streams are measured.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  const sizeMiB = context.quick ? 10 : 100;
  const names = Array.from({ length: ZIPS }, (_, index) => `example.com/bench/large${index}`);
  const modules = await Promise.all(names.map((name) => bigModule(name, 'v1.0.0', sizeMiB)));
  const served = join(context.folder, 'served');
  layOutDownloads(served, modules);
  const mirrors = await startMirrors(
    { count: 1, content: { kind: 'folder', folder: served }, distance: { latencyMs: 0 } },
    context.cleanup,
  );
  const paths = modules.map((module) => filePath(module, 'zip'));
  for (let turn = 0; turn < context.runs; turn += 1) {
    context.signal.throwIfAborted();
    context.progress(`run ${turn + 1} of ${context.runs}`);
    await oneTurn(context, { mirrors, served, paths, run: turn });
  }
}

type Turn = {
  readonly mirrors: Mirrors;
  readonly served: string;
  readonly paths: readonly string[];
  readonly run: number;
};

async function oneTurn(context: CaseContext, { mirrors, served, paths, run }: Turn): Promise<void> {
  const contestant = 'rondo';
  const record = (measure: string, value: number): void =>
    context.record({ measure, contestant, run, value });
  let running: RunningSubject | undefined;
  try {
    const folder = join(context.folder, `turn-${run}`);
    const start = { upstreams: mirrors.urls, folder, gosumdb: databaseKey() };
    running = await context.subject('rondo')?.start(start, context.cleanup);
    if (running === undefined) return;
    const { url } = running;
    await sleep(SETTLE_MS);
    const idle = running.usage();
    if (idle !== undefined) record('idle', idle.residentBytes);
    for (const path of paths) await warmUp(url, path);
    await sleep(SETTLE_MS);
    running.resetPeak();
    const before = running.usage();
    const crowds = paths.map((path) =>
      sendCrowd(
        { url: url + path, clients: STREAMS_OF_EACH, expectedFile: join(served, path), limitMs: LIMIT_MS },
        context.cleanup,
      ),
    );
    const results = await Promise.all(crowds);
    const after = running.usage();
    for (const { errors } of results)
      for (const [words, count] of Object.entries(errors)) context.note(`${count}x ${words}`);
    const whole = results.reduce((sum, result) => sum + result.served, 0);
    record('served', (whole / (paths.length * STREAMS_OF_EACH)) * 100);
    if (before && after) record('growth', after.peakBytes - before.residentBytes);
    context.recordUsage({ contestant, phase: '100 streams', run }, before, after);
  } finally {
    await retire(running);
  }
}
