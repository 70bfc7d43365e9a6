import { setTimeout as sleep } from 'node:timers/promises';
import type { FixtureModule } from '../../test/support/fixture-modules.ts';
import { fetchRaw } from '../../test/support/http-client.ts';
import type { MirrorProcess } from '../../test/support/mirror-process.ts';
import type { Case, CaseContext, Goal, Measure, RunningSubject } from '../frame/types.ts';
import { measureInTurns } from './measure-load.ts';
import { smallModules, warmWorld } from './warm-world.ts';

const MODULES = 20;
/** As the mirrors of the other cases. What a rival that asks each time reaches is this and the connections alone. */
const MIRROR_DELAY_MS = 40;
/** What one go command has in flight, and as many as in case 1. */
const CONNECTIONS = [8, 64] as const;
const KINDS = ['list', 'latest'] as const;
type Kind = (typeof KINDS)[number];

const WORDS: Readonly<Record<Kind, string>> = { list: 'list', latest: '@latest' };

/** Rondo's `cache.fresh_ttl`, by default a minute; shorter to try the case out. */
const FRESH_S = { whole: 60, quick: 2 } as const;
const ASK_EVERY_MS = 20;

/** Lists and @latest, warm. */
export const LISTS: Case = {
  number: 3,
  title: 'list and @latest, warm',
  needs: ['wrk'],
  wants: ['rondo', 'goproxy', 'goproxyio', 'athens'],
  measures: [
    ...KINDS.flatMap((kind) =>
      CONNECTIONS.flatMap((count): Measure[] => {
        const words = `${WORDS[kind]}, ${count} connections`;
        return [
          { key: `${kind}-rate-${count}`, words: `${words}: requests a second`, unit: 'requests/s' },
          { key: `${kind}-cpu-${count}`, words: `${words}: requests per CPU-second`, unit: 'requests/s' },
          { key: `${kind}-asked-${count}`, words: `${words}: upstream requests a request`, unit: '1' },
        ];
      }),
    ),
    ...KINDS.map((kind) => ({
      key: `${kind}-upstream`,
      words: `${WORDS[kind]}, upstream requests of a module`,
      unit: 'per minute' as const,
    })),
  ],
  goals: KINDS.flatMap((kind): Goal[] => [
    {
      measure: `${kind}-rate-8`,
      of: 'rondo',
      reference: { kind: 'ratio', to: 'goproxy' },
      op: '>=',
      value: 100,
      words: `${WORDS[kind]}, requests a second of 8 connections >= 100x goproxy/goproxy`,
    },
    {
      measure: `${kind}-upstream`,
      of: 'rondo',
      reference: { kind: 'value' },
      op: '<=',
      // A timer never fires early, but the mirror's clock has whole milliseconds.
      value: 1.001,
      words: `${WORDS[kind]}: 1 upstream request a minute a module`,
    },
  ]),
  conditions: [
    `wrk, one thread, 5 s a turn after 2 s of warming up: ${MODULES} modules with 5 versions in turn, with 8 connections (what one go command has in flight) and with 64. The mirror is a process on the same machine and answers after ${MIRROR_DELAY_MS} ms.`,
    'A subject that asks upstream each time gets at most (connections / delay) answers a second, so this ratio grows with the distance of the mirror and falls with the connections: the goal is held against 8.',
    'Upstream requests of a module: Rondo alone, every file asked for several times a second over two refreshes (`cache.fresh_ttl` is its default of 60 s). The rate is that between the first and the last request at the mirror, of the module asked for most often. One mirror, so nothing is hedged.',
    'Athens runs the go command for every list; goproxyio keeps lists for five minutes.',
    'Access logs as in case 1; GOSUMDB=off for all.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  const modules = await smallModules(MODULES, 5);
  const paths: Record<Kind, string[]> = {
    list: modulePaths(modules).map((path) => `/${path}/@v/list`),
    latest: modulePaths(modules).map((path) => `/${path}/@latest`),
  };
  const all = [...paths.list, ...paths.latest];
  const settings = context.quick ? { RONDO_CACHE_FRESH_TTL: `${FRESH_S.quick}s` } : {};
  const subjects = context.subjects(...LISTS.wants);
  const { mirror, warm } = await warmWorld(context, subjects, modules, all, {
    settings,
    mirrorDelayMs: MIRROR_DELAY_MS,
  });
  for (const kind of KINDS)
    for (const connections of CONNECTIONS)
      await measureRates(context, { mirror, warm, kind, paths: paths[kind], connections });
  const rondo = warm.find(({ name }) => name === 'rondo');
  if (rondo === undefined) return;
  for (let each = 0; each < context.runs; each += 1) await countUpstream(context, mirror, rondo, paths, each);
}

type Rates = {
  readonly mirror: MirrorProcess;
  readonly warm: readonly RunningSubject[];
  readonly kind: Kind;
  readonly paths: readonly string[];
  readonly connections: number;
};

async function measureRates(context: CaseContext, rates: Rates): Promise<void> {
  const { mirror, warm, kind, paths, connections } = rates;
  const load = {
    paths,
    connections,
    threads: 1,
    phase: `${WORDS[kind]}, ${connections} connections`,
    durationS: context.quick ? 1 : 5,
    warmUpS: context.quick ? 1 : 2,
    prepare: () => mirror.resetLog(),
  };
  await measureInTurns(context, warm, load, async (of, { requests, seconds, cpuSeconds }) => {
    context.record({ ...of, measure: `${kind}-rate-${connections}`, value: requests / seconds });
    if (cpuSeconds !== undefined && cpuSeconds > 0)
      context.record({ ...of, measure: `${kind}-cpu-${connections}`, value: requests / cpuSeconds });
    const asked = (await mirror.requests()).filter(({ path }) => paths.includes(path)).length;
    context.record({ ...of, measure: `${kind}-asked-${connections}`, value: asked / requests });
  });
}

/** Asks Rondo for everything, over and over, across two refreshes, and looks what reaches the mirror. */
async function countUpstream(
  context: CaseContext,
  mirror: MirrorProcess,
  rondo: RunningSubject,
  paths: Readonly<Record<Kind, readonly string[]>>,
  nth: number,
): Promise<void> {
  const freshS = context.quick ? FRESH_S.quick : FRESH_S.whole;
  const all = [...paths.list, ...paths.latest];
  context.progress(`upstream requests of ${all.length} files over ${Math.round(freshS * 3.2)} s`);
  await mirror.resetLog();
  const endMs = performance.now() + freshS * 3200;
  for (let at = 0; performance.now() < endMs; at += 1) {
    context.signal.throwIfAborted();
    await fetchRaw(rondo.url + (all[at % all.length] ?? ''));
    await sleep(ASK_EVERY_MS);
  }
  const requests = await mirror.requests();
  for (const kind of KINDS) {
    const rates = paths[kind].map((path) =>
      ratePerMinute(requests.filter((request) => request.path === path).map(({ atMs }) => atMs)),
    );
    // A shorter freshness is as if time went faster.
    const value = Math.max(...rates) * (freshS / FRESH_S.whole);
    context.record({ measure: `${kind}-upstream`, contestant: rondo.name, run: nth, value });
  }
}

/** The mean rate between the first and the last of these times; 0 of fewer than two. */
export function ratePerMinute(timesMs: readonly number[]): number {
  const [first, last] = [timesMs[0], timesMs.at(-1)];
  if (first === undefined || last === undefined || first === last) return 0;
  return (timesMs.length - 1) / ((last - first) / 60_000);
}

function modulePaths(modules: readonly FixtureModule[]): string[] {
  return [...new Set(modules.map(({ path }) => path))];
}
