import { join } from 'node:path';
import { takeTurns } from '../frame/turns.ts';
import type { Case, CaseContext, Goal, RunningSubject, SubjectName } from '../frame/types.ts';
import { databaseKey } from '../world/mirror-files.ts';
import { startMirrors, type Mirrors } from '../world/mirrors.ts';
import { projectWorld, type ProjectWorld } from '../world/project.ts';
import { askedIn, bytesSent, type Traffic } from '../world/traffic.ts';
import { removeTree } from '../../test/support/temp-folder.ts';
import { Failures, retire, secondsOfGo, type GoTurn } from './go-turn.ts';

const LATENCY_MS = 40;
const SLOW_LINK_BITS_PER_SECOND = 50_000_000;
const MIRRORS = 3;
/** go behind a Rondo of its own, which reads go.sum ahead. */
const AHEAD = 'prefetch';

/** One command at one distance. */
type Scenario = {
  readonly measure: string;
  readonly args: readonly string[];
  readonly linkBitsPerSecond?: number;
  readonly against: readonly SubjectName[];
  /** Whether the mirrors' side is measured too. */
  readonly traffic?: boolean;
  /** Whether go runs behind `exec --prefetch`, too. */
  readonly ahead?: boolean;
};

const DOWNLOAD = ['mod', 'download'] as const;

const SCENARIOS: readonly Scenario[] = [
  {
    measure: 'download',
    args: DOWNLOAD,
    against: ['rondo', 'goproxy', 'goproxyio', 'athens'],
    traffic: true,
    ahead: true,
  },
  { measure: 'build', args: ['build', '-trimpath', './...'], against: ['rondo'] },
  { measure: 'tidy', args: ['mod', 'tidy'], against: ['rondo'] },
  {
    measure: 'slow-link',
    args: DOWNLOAD,
    linkBitsPerSecond: SLOW_LINK_BITS_PER_SECOND,
    against: ['rondo'],
  },
];

/** Goal of Rondo against `to`. */
function atMost(measure: string, to: string, value: number, words: string, of = 'rondo'): Goal {
  return { measure, of, reference: { kind: 'ratio', to }, op: '<=', value, words };
}

/** A real project, cold. */
export const PROJECT_DOWNLOAD: Case = {
  number: 6,
  title: 'go mod download of a real project, empty copy, three mirrors 40 ms away',
  needs: ['go'],
  wants: ['rondo', 'goproxy', 'goproxyio', 'athens'],
  contestants: { direct: 'go, one mirror alone', [AHEAD]: '`rondo exec --prefetch`' },
  measures: [
    { key: 'download', words: 'go mod download', unit: 's' },
    { key: 'build', words: 'go build ./... with everything compiled before', unit: 's' },
    { key: 'tidy', words: 'go mod tidy', unit: 's' },
    { key: 'slow-link', words: 'go mod download, 50 Mbit/s', unit: 's' },
    { key: 'upstream-bytes', words: 'bytes of bodies from the mirrors', unit: 'bytes' },
    { key: 'database-bytes', words: 'of which for the checksum database', unit: 'bytes' },
    { key: 'upstream-requests', words: 'requests to the mirrors', unit: '1' },
    { key: 'until-mods', words: 'until the last .mod was asked of a mirror', unit: 's' },
    { key: 'until-infos', words: 'until the last .info was asked of a mirror', unit: 's' },
    { key: 'until-zips', words: 'until the last .zip was asked of a mirror', unit: 's' },
  ],
  // Interleaved pairs, as the performance table asks.
  minRuns: 10,
  goals: [
    atMost('download', 'direct', 0.5, 'go mod download <= 0.5x the best mirror alone'),
    atMost('download', 'goproxy', 0.6, 'go mod download <= 0.6x goproxy/goproxy'),
    atMost('download', 'goproxyio', 0.6, 'go mod download <= 0.6x goproxyio'),
    atMost('download', 'athens', 0.6, 'go mod download <= 0.6x Athens'),
    atMost('download', 'direct', 0.4, '`exec --prefetch` <= 0.4x the best mirror alone', AHEAD),
    atMost('build', 'direct', 1, 'go build <= 1.0x the best mirror alone'),
    atMost('tidy', 'direct', 1, 'go mod tidy <= 1.0x the best mirror alone'),
    atMost('slow-link', 'direct', 1, 'on a 50 Mbit/s link <= 1.0x the best mirror alone'),
    atMost('upstream-bytes', 'direct', 1.05, 'upstream bytes <= 1.05x what the client asked for'),
  ],
  conditions: [
    'Three mirrors in one process of their own, every answer 40 ms after its request; a new connection costs nothing more. The line of 50 Mbit/s lies between the subject and all mirrors together.',
    'Every turn begins with an empty copy, an empty GOMODCACHE and a subject that was just started; its start is not counted. Contestants take turns.',
    'Rondo, goproxy/goproxy and Athens verify with a checksum database over the same modules, signed by a test key, which the mirrors pass on; goproxyio never does. The client has a whole go.sum and asks no database.',
    'goproxyio takes one mirror, the others all three, with commas between them.',
    'The mirror alone is one of the three, which are equally good.',
    '`exec --prefetch` starts a Rondo for this one command; its start and its end count.',
    'go build has its build cache: what it compiles is the same for all and not what is measured.',
    'Peers are measured in go mod download alone.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  const world = await projectWorld(context.tool('go'), context.progress);
  context.note(`The project: ${world.words}.`);
  const scenarios = context.quick ? SCENARIOS.slice(0, 1) : SCENARIOS;
  for (const scenario of scenarios) await measureScenario(context, world, scenario);
}

async function measureScenario(context: CaseContext, world: ProjectWorld, scenario: Scenario): Promise<void> {
  const { measure, linkBitsPerSecond, against, ahead = false } = scenario;
  const mirrors = await startMirrors(
    {
      count: MIRRORS,
      content: { kind: 'folder', folder: world.downloads },
      distance: { latencyMs: LATENCY_MS },
      ...(linkBitsPerSecond !== undefined && { linkBitsPerSecond }),
    },
    context.cleanup,
  );
  const failures = new Failures(context);
  const subjects = context.subjects(...against).map(({ name }) => name);
  const contestants = ['direct', ...subjects, ...(ahead && subjects.includes('rondo') ? [AHEAD] : [])];
  await takeTurns(contestants, context.runs, context.signal, (contestant, run) =>
    failures.attempt(contestant, async () => {
      context.progress(`${measure}, run ${run + 1} of ${context.runs}: ${contestant}`);
      await oneTurn(context, { world, scenario, mirrors, contestant, run });
    }),
  );
  await mirrors.stop();
}

type Turn = {
  readonly world: ProjectWorld;
  readonly scenario: Scenario;
  readonly mirrors: Mirrors;
  readonly contestant: string;
  readonly run: number;
};

async function oneTurn(context: CaseContext, turn: Turn): Promise<void> {
  const { world, scenario, mirrors, contestant, run } = turn;
  let running: RunningSubject | undefined;
  const folder = join(context.folder, `${contestant}-${scenario.measure}-${run}`);
  const start = { upstreams: mirrors.urls, folder, gosumdb: databaseKey() };
  const behind = contestant === AHEAD ? prefetching(context, start) : undefined;
  try {
    const subject = behind === undefined ? context.subject(contestant as SubjectName) : undefined;
    running = await subject?.start(start, context.cleanup);
    await mirrors.takeTraffic();
    const before = running?.usage();
    const goproxy = running?.url ?? mirrors.urls[0] ?? '';
    const value = await secondsOfGo(context, {
      world,
      args: scenario.args,
      goproxy,
      ...(behind === undefined ? {} : { behind }),
    });
    context.record({ measure: scenario.measure, contestant, run, value });
    context.recordUsage({ contestant, phase: scenario.measure, run }, before, running?.usage());
    const traffic = await mirrors.takeTraffic();
    if (scenario.traffic === true) recordTraffic(context, { contestant, run }, traffic);
  } finally {
    await retire(running);
    if (behind !== undefined) await removeTree(folder);
  }
}

/** How go is run behind `exec --prefetch`, with a copy of its own; the time that Rondo takes to start counts. */
function prefetching(
  context: CaseContext,
  {
    upstreams,
    folder,
    gosumdb,
  }: { readonly upstreams: readonly string[]; readonly folder: string; readonly gosumdb: string },
): NonNullable<GoTurn['behind']> {
  const [node, ...rondo] = context.rondoCommand();
  const command: [string, ...string[]] = [
    node,
    ...rondo,
    'exec',
    '--prefetch',
    '--cache-dir',
    join(folder, 'copy'),
    '--',
  ];
  return { command, env: { GOPROXY: upstreams.join(','), GOSUMDB: gosumdb } };
}

function recordTraffic(
  context: CaseContext,
  of: { readonly contestant: string; readonly run: number },
  traffic: Traffic,
): void {
  const asked = askedIn(traffic);
  const record = (measure: string, value: number): void => context.record({ ...of, measure, value });
  record('upstream-bytes', bytesSent(traffic));
  record('database-bytes', bytesSent(traffic, ['sumdb']));
  record('upstream-requests', asked.length);
  const startMs = asked[0]?.atMs ?? 0;
  for (const kind of ['mod', 'info', 'zip'] as const) {
    const last = asked.findLast(({ path }) => path.endsWith(`.${kind}`));
    if (last !== undefined) record(`until-${kind}s`, (last.atMs - startMs) / 1000);
  }
}
