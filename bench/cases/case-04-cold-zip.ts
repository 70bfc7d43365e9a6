import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fixtureModule } from '../../test/support/fixture-modules.ts';
import { takeTurns } from '../frame/turns.ts';
import type { Case, CaseContext, Measure, RunningSubject, SubjectName } from '../frame/types.ts';
import { databaseKey } from '../world/mirror-files.ts';
import { startMirrors, type Mirrors } from '../world/mirrors.ts';
import { layOutDownloads } from './fixture-downloads.ts';
import { Failures, retire } from './go-turn.ts';
import { filePath, warmUp, zipModule } from './warm-world.ts';

const SIZE_MIB = 16;
const FAST_MS = 1000;
const SLOW_MS = 30_000;
const LATENCY_MS = 5;
/** Rondo's default `cache.hold`. */
const HOLD_MS = 5000;
/** Probes and whatever else a subject begins with are over by then. */
const SETTLE_MS = 500;

const MEASURES: readonly Measure[] = [
  { key: 'last-byte', words: 'last byte of a zip that takes 1 s', unit: 'ms' },
  { key: 'first-byte', words: 'first byte of a zip that takes 1 s', unit: 'ms' },
  { key: 'first-byte-slow', words: 'first byte of a zip that takes 30 s', unit: 'ms' },
];

/** A zip that comes slowly. */
export const COLD_ZIP: Case = {
  number: 4,
  title: 'a cold zip of 16 MiB, paced over 1 s and over 30 s',
  needs: [],
  wants: ['rondo', 'goproxy', 'goproxyio', 'athens'],
  contestants: { direct: 'mirror itself' },
  measures: MEASURES,
  goals: [
    {
      measure: 'last-byte',
      of: 'rondo',
      reference: { kind: 'ratio', to: 'direct' },
      op: '<=',
      value: 1.1,
      words: 'over 1 s, last byte <= 1.1x direct',
    },
    {
      measure: 'first-byte-slow',
      of: 'rondo',
      reference: { kind: 'value' },
      op: '<=',
      value: HOLD_MS + 100,
      words: 'over 30 s, first byte <= hold (5 s) + 0.1 s',
    },
  ],
  conditions: [
    'Three mirrors on loopback, 5 ms away, send the zip evenly over its time, a piece every 10 ms. The client is one connection to a subject that was just started, has an empty copy and has served one small zip of another module.',
    'Rondo, goproxy/goproxy and Athens verify with a checksum database over these modules, signed by a test key, which the mirrors pass on; goproxyio never does.',
    'The zip of 30 s is measured to its first byte only, and with the peers in the first run only.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  const [zip, small] = await Promise.all([
    zipModule(SIZE_MIB),
    fixtureModule({ path: 'example.com/bench/small', version: 'v1.0.0' }),
  ]);
  const folder = join(context.folder, 'served');
  layOutDownloads(folder, [zip, small]);
  const paths = { zip: filePath(zip, 'zip'), small: filePath(small, 'zip') };
  for (const zipOverMs of [FAST_MS, SLOW_MS]) {
    const settings = {
      count: 3,
      content: { kind: 'folder', folder },
      distance: { latencyMs: LATENCY_MS, zipOverMs },
    } as const;
    const mirrors = await startMirrors(settings, context.cleanup);
    const failures = new Failures(context);
    const contestants = ['direct', ...context.subjects(...COLD_ZIP.wants).map(({ name }) => name)];
    await takeTurns(contestants, context.runs, context.signal, (contestant, run) => {
      if (zipOverMs === SLOW_MS && isPeer(contestant) && (run > 0 || context.quick)) return Promise.resolve();
      return failures.attempt(contestant, async () => {
        context.progress(`${zipOverMs / 1000} s, run ${run + 1} of ${context.runs}: ${contestant}`);
        await oneTurn(context, { mirrors, paths, zipOverMs, contestant, run });
      });
    });
    await mirrors.stop();
  }
}

function isPeer(contestant: string): boolean {
  return contestant !== 'direct' && contestant !== 'rondo';
}

type Turn = {
  readonly mirrors: Mirrors;
  readonly paths: { readonly zip: string; readonly small: string };
  readonly zipOverMs: number;
  readonly contestant: string;
  readonly run: number;
};

async function oneTurn(context: CaseContext, turn: Turn): Promise<void> {
  const { mirrors, paths, zipOverMs, contestant, run } = turn;
  let running: RunningSubject | undefined;
  try {
    const folder = join(context.folder, `${contestant}-${zipOverMs}-${run}`);
    const options = { upstreams: mirrors.urls, folder, gosumdb: databaseKey() };
    running = await context.subject(contestant as SubjectName)?.start(options, context.cleanup);
    const url = running?.url ?? mirrors.urls[0] ?? '';
    if (running !== undefined) await warmUp(url, paths.small);
    await sleep(SETTLE_MS);
    running?.resetPeak();
    const before = running?.usage();
    const isSlow = zipOverMs === SLOW_MS;
    const { firstByteMs, lastByteMs } = await timeDownload(url + paths.zip, isSlow);
    context.recordUsage(
      { contestant, phase: `zip over ${zipOverMs / 1000} s`, run },
      before,
      running?.usage(),
    );
    const measure = isSlow ? 'first-byte-slow' : 'first-byte';
    context.record({ measure, contestant, run, value: firstByteMs });
    if (lastByteMs !== undefined)
      context.record({ measure: 'last-byte', contestant, run, value: lastByteMs });
  } finally {
    await retire(running);
  }
}

/** Milliseconds since the request until bytes of the body had come. @throws Error for any answer but a whole 200 */
function timeDownload(
  url: string,
  firstByteOnly: boolean,
): Promise<{ readonly firstByteMs: number; readonly lastByteMs?: number }> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const sent = get(url, { agent: false }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
      let firstByteMs: number | undefined;
      response.on('data', () => {
        firstByteMs ??= performance.now() - startMs;
        if (!firstByteOnly) return;
        resolve({ firstByteMs });
        sent.destroy();
      });
      response.on('end', () => {
        if (firstByteMs === undefined) reject(new Error('an empty answer'));
        else resolve({ firstByteMs, lastByteMs: performance.now() - startMs });
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
  });
}
