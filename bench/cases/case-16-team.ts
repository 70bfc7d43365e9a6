import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bigModule, type FixtureModule } from '../../test/support/fixture-modules.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { takeTurns } from '../frame/turns.ts';
import type { Case, CaseContext, RunningSubject } from '../frame/types.ts';
import { summariseLatencies } from '../world/latencies.ts';
import { databaseKey } from '../world/mirror-files.ts';
import { startMirrors, type Mirrors } from '../world/mirrors.ts';
import { runTeam, warmBuilds, type Build, type TeamAnswer } from '../world/team.ts';
import { layOutDownloads } from './fixture-downloads.ts';
import { Failures, retire } from './go-turn.ts';
import { filePath } from './warm-world.ts';

const DEVELOPERS = 200;
const COLD = 2;
const EVERY_MS = 4 * 60_000;
const MODULES = { warm: 60, cold: 120 };
/** Sizes of zips in KiB, in turn: half of them small, a few large, as those of a real project are. */
const SIZES_KIB = [20, 40, 60, 90, 130, 200, 300, 500, 900, 2500];
const LATENCY_MS = 40;
/** With it two cold downloads of 57 MB each take some 18 s: long enough to be beside many warm answers. */
const LINK_BITS_PER_SECOND = 50_000_000;
const COLD_START_MS = 2000;
const SEED = 20_241_616;
/** What a Rondo does after its answers, writing and verifying, is over by then. */
const SETTLE_MS = 3000;

/** A team and its server. */
export const TEAM: Case = {
  number: 16,
  title: '200 developers, each a build every four minutes on a warm copy, two cold ones among them',
  needs: [],
  wants: ['rondo'],
  contestants: { alone: 'warm ones alone', beside: 'beside two cold ones' },
  measures: [
    { key: 'p99', words: 'p99 of warm answers', unit: 'ms' },
    { key: 'p99-small', words: 'of .mod and .info alone', unit: 'ms' },
    { key: 'p99-zip', words: 'of zips alone', unit: 'ms' },
    { key: 'p50', words: 'median of warm answers', unit: 'ms' },
    { key: 'answers', words: 'warm answers that count', unit: '1' },
    { key: 'cold', words: 'a cold download', unit: 's' },
    { key: 'failed', words: 'answers that failed', unit: '1' },
  ],
  goals: [
    {
      measure: 'p99',
      of: 'beside',
      reference: { kind: 'ratio', to: 'alone' },
      op: '<=',
      value: 2,
      words: 'p99 of warm answers <= 2x alone',
    },
    {
      measure: 'failed',
      of: 'beside',
      reference: { kind: 'value' },
      op: '<=',
      value: 0,
      every: true,
      words: 'no answer fails',
    },
  ],
  conditions: [
    `A build is what go mod download asks for, out of a process of its own and without go: .mod files 8 in flight, .info files one at a time, zips 8 in flight; ${MODULES.warm} modules, 28 MB. 198 developers begin one every 4 minutes each, by chance (49 a minute), 24 s a turn; everything that they ask for is in the copy.`,
    `Two developers begin at once, 2 s after the others, with ${MODULES.cold} modules each, 57 MB, of which the copy has nothing and which they do not share. Their mirrors are three, 40 ms away, behind one line of 50 Mbit/s. Both verify with a checksum database signed by a test key.`,
    'Warm answers count that were asked for while a cold download was under way, which is most of the turn; alone, all of them. Latency is from the request to its last byte; a build asks on when it has its answers, whatever the others do.',
    'The builds begin at the same moments in both turns of a run.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  context.progress(`making ${MODULES.warm + MODULES.cold * COLD} modules`);
  const [warm, ...cold] = await Promise.all([
    modulesOf('warm', MODULES.warm),
    ...Array.from({ length: COLD }, (_, index) => modulesOf(`cold${index}`, MODULES.cold)),
  ]);
  const folder = join(context.folder, 'served');
  layOutDownloads(folder, [...(warm ?? []), ...cold.flat()]);
  const mirrors = await startMirrors(
    {
      count: 3,
      content: { kind: 'folder', folder },
      distance: { latencyMs: LATENCY_MS },
      linkBitsPerSecond: LINK_BITS_PER_SECOND,
    },
    context.cleanup,
  );
  const stems = { warm: stemsOf(warm ?? []), cold: cold.map(stemsOf) };
  const failures = new Failures(context);
  await takeTurns(['alone', 'beside'], context.runs, context.signal, (contestant, run) =>
    failures.attempt(contestant, async () => {
      context.progress(`run ${run + 1} of ${context.runs}: ${contestant}`);
      await oneTurn(context, mirrors, { stems, contestant, run });
    }),
  );
}

function modulesOf(name: string, count: number): Promise<FixtureModule[]> {
  const make = (_: unknown, index: number): Promise<FixtureModule> =>
    bigModule(`example.com/${name}/m${index}`, 'v1.0.0', (SIZES_KIB[index % SIZES_KIB.length] ?? 1) / 1024);
  return Promise.all(Array.from({ length: count }, make));
}

function stemsOf(modules: readonly FixtureModule[]): string[] {
  return modules.map((module) => filePath(module, 'mod').replace(/\.mod$/, ''));
}

type Turn = {
  readonly stems: { readonly warm: readonly string[]; readonly cold: readonly (readonly string[])[] };
  readonly contestant: string;
  readonly run: number;
};

async function oneTurn(context: CaseContext, mirrors: Mirrors, turn: Turn): Promise<void> {
  const { stems, contestant, run } = turn;
  let running: RunningSubject | undefined;
  try {
    const folder = join(context.folder, `${contestant}-${run}`);
    const start = { upstreams: mirrors.urls, folder, gosumdb: databaseKey() };
    running = await context.subject('rondo')?.start(start, context.cleanup);
    if (running === undefined) return;
    const baseUrl = running.url;
    const first: Build = { state: 'cold', startMs: 0, stems: stems.warm };
    const filled = await runTeam({ baseUrl, builds: [first] }, context.cleanup);
    const trouble = filled.find((answer) => answer.trouble !== undefined)?.trouble;
    if (trouble !== undefined) throw new Error(`the copy cannot be filled: ${trouble}`);
    await sleep(SETTLE_MS);
    running.resetPeak();
    const before = running.usage();
    const durationMs = context.quick ? 12_000 : 24_000;
    const team = { developers: DEVELOPERS - COLD, everyMs: EVERY_MS, durationMs };
    const warm = warmBuilds(team, stems.warm, seededRandom(SEED + run));
    const cold = stems.cold.map((some): Build => ({ state: 'cold', startMs: COLD_START_MS, stems: some }));
    const builds = contestant === 'beside' ? [...warm, ...cold] : warm;
    const answers = await runTeam({ baseUrl, builds }, context.cleanup);
    context.recordUsage({ contestant, phase: 'builds', run }, before, running.usage());
    recordAnswers(context, turn, answers);
  } finally {
    await retire(running);
  }
}

function recordAnswers(
  context: CaseContext,
  { contestant, run }: Turn,
  answers: readonly TeamAnswer[],
): void {
  const record = (measure: string, value: number): void =>
    context.record({ measure, contestant, run, value });
  const cold = answers.filter(({ state }) => state === 'cold');
  const coldEndMs = Math.max(0, ...cold.map(({ atMs, tookMs }) => atMs + tookMs));
  const warm = answers.filter(
    ({ state, atMs }) =>
      state === 'warm' && (cold.length === 0 || (atMs >= COLD_START_MS && atMs < coldEndMs)),
  );
  const p99 = (some: readonly TeamAnswer[]): number =>
    summariseLatencies(some.map(({ tookMs }) => tookMs)).p99;
  record('answers', warm.length);
  record('p99', p99(warm));
  record('p99-small', p99(warm.filter(({ kind }) => kind !== 'zip')));
  record('p99-zip', p99(warm.filter(({ kind }) => kind === 'zip')));
  record('p50', summariseLatencies(warm.map(({ tookMs }) => tookMs)).p50);
  if (cold.length > 0) record('cold', (coldEndMs - COLD_START_MS) / 1000);
  const failed = answers.filter(({ trouble }) => trouble !== undefined);
  record('failed', failed.length);
  for (const trouble of new Set(failed.map((answer) => answer.trouble)))
    context.note(`${contestant}, run ${run + 1}: ${trouble}`);
}
