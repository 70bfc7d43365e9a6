import { RondoError } from '../../src/errors/rondo-error.ts';
import type { RemoteFile } from '../../src/gomod/module-file.ts';
import type { MirrorView } from '../../src/mirrors/mirror-view.ts';
import { createMirrors, type Mirrors } from '../../src/mirrors/mirrors.ts';
import type { MirrorsSettings } from '../../src/mirrors/settings.ts';
import { MIRRORS_DEFAULTS } from '../support/scripted-mirrors.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { FastClock } from './fast-clock.ts';
import { simUpstream, WRONG_BYTE, type Behaviour } from './sim-mirror.ts';
import { Watcher } from './watcher.ts';

/** A world of mirrors, what is asked of it, and for how long. */
export type World = {
  readonly mirrors: Readonly<Record<string, { readonly weight?: number; readonly behaviour: Behaviour }>>;
  /** Requests a second, as a Poisson process; they stop at the end, and what is under way then ends. */
  readonly perSecond: number;
  readonly forS: number;
  /** Of which so many are zips; the others are go.mod files. */
  readonly zipShare?: number;
  /** Modules asked for, of unequal popularity. */
  readonly modules?: number;
  /** From the 10th second on a client asks for ten modules of `hung.example` at once, every so many seconds. */
  readonly hungEveryS?: number;
  readonly settings?: Partial<MirrorsSettings>;
};

/** One request, as its client saw it. */
export type Served = {
  readonly startMs: number;
  /** To its first byte, or to the error. */
  readonly tookMs: number;
  readonly zip: boolean;
  /** It was for a module of `hung.example`. */
  readonly hung: boolean;
  /** Who answered, or the code of the error. */
  readonly mirror?: string;
  readonly error?: string;
};

/** What came of it. */
export type Run = {
  readonly seed: number;
  readonly served: readonly Served[];
  readonly watcher: Watcher;
  readonly views: readonly MirrorView[];
  /** Requests for a module that some mirror had served less than a pin's time ago, and those that it served again. */
  readonly repeats: number;
  readonly pinned: number;
  /** Bodies that were wrong: their requests asked others. */
  readonly lies: number;
  readonly seconds: number;
  /** Attempts that began, and the most that one mirror had to answer at a time, second by second. */
  readonly bySecond: readonly { readonly attempts: number; readonly peak: number }[];
};

/** Runs the real selection over simulated mirrors in virtual time; the same seed gives the same run. */
export async function runScenario(world: World, seed: number): Promise<Run> {
  const clock = new FastClock();
  const random = seededRandom(seed);
  const settings = { ...MIRRORS_DEFAULTS, ...world.settings };
  const watcher = new Watcher(clock, { slots: settings.slots.max, softMs: settings.softHeaderMs });
  const mirrors = openWorld(world, settings, { clock, random, watcher });
  mirrors.startProbes();

  const served: Served[] = [];
  const pins = { repeats: 0, pinned: 0, last: new Map<string, { mirror: string; atMs: number }>() };
  let asked = 0;
  let lies = 0;
  const request = async (hung?: string): Promise<void> => {
    const id = String(asked++);
    const zip = hung === undefined && random() < (world.zipShare ?? 0);
    const module = hung ?? `example.com/m${Math.floor(random() ** 2 * (world.modules ?? 400))}`;
    const file: RemoteFile = { kind: zip ? 'zip' : 'mod', module, version: 'v1.0.0' };
    const startMs = clock.now();
    const tell = (end: { mirror: string } | { error: string }, atMs: number): number =>
      served.push({ startMs, tookMs: atMs - startMs, zip, hung: hung !== undefined, ...end });
    try {
      const liars = await askUntilRight({ mirrors, clock }, file, id, (mirror, atMs) => {
        tell({ mirror }, atMs);
        countPin(pins, module, mirror, atMs);
      });
      lies += liars;
    } catch (error) {
      if (!(error instanceof RondoError)) throw error;
      tell({ error: error.code }, clock.now());
    }
  };
  const endMs = world.forS * 1000;
  const arrive = (): void => {
    if (clock.now() >= endMs) return;
    void request();
    clock.after((-Math.log(1 - random()) * 1000) / world.perSecond, arrive);
  };
  arrive();
  const bySecond: Run['bySecond'][number][] = [];
  for (let second = 1; second <= world.forS; second += 1) {
    if (second >= 10 && second % (world.hungEveryS ?? Infinity) === 0)
      for (let n = 0; n < 10; n += 1) void request(`hung.example/m${second}.${n}`);
    const before = watcher.counts.attempts;
    await clock.runUntil(second * 1000);
    bySecond.push({ attempts: watcher.counts.attempts - before, peak: watcher.takePeak() });
  }
  await clock.runUntil(endMs + 200_000);
  if (served.length !== asked)
    throw new Error(`seed ${seed}: ${asked - served.length} requests have no answer`);
  const views = mirrors.views();
  await mirrors.close();
  const { repeats, pinned } = pins;
  return { seed, served, watcher, views, repeats, pinned, lies, seconds: world.forS, bySecond };
}

/** As a flight does: a wrong body is never passed on, and another mirror is asked. How many of them there were. */
async function askUntilRight(
  { mirrors, clock }: { mirrors: Mirrors; clock: FastClock },
  file: RemoteFile,
  id: string,
  onFirstByte: (mirror: string, atMs: number) => void,
): Promise<number> {
  const liars = new Set<string>();
  for (;;) {
    const via = liars.size === 0 ? id : `${id}.${liars.size}`;
    const question = { file, method: 'GET', maxBodyBytes: 1e9, patient: true, via, except: liars } as const;
    const found = await mirrors.ask(question, new AbortController().signal);
    const atMs = clock.now();
    const body = found.body[Symbol.asyncIterator]();
    let piece = await body.next();
    const isWrong = piece.done !== true && piece.value[0] === WRONG_BYTE;
    if (!isWrong) onFirstByte(found.mirror, atMs);
    let bytes = 0;
    for (; piece.done !== true; piece = await body.next()) bytes += piece.value.length;
    if (!isWrong) {
      found.settle({ kind: 'complete', bytes });
      return liars.size;
    }
    found.settle({ kind: 'wrong', why: 'made up', bytes });
    liars.add(found.mirror);
  }
}

function openWorld(
  world: World,
  settings: MirrorsSettings,
  { clock, random, watcher }: { clock: FastClock; random: () => number; watcher: Watcher },
): Mirrors {
  return createMirrors({
    specs: Object.entries(world.mirrors).map(([name, { weight = 10 }]) => ({
      endpoint: { name, url: new URL(`http://${name}.test`) },
      weight,
      tier: 0,
      match: '*',
      probePath: '/probe',
    })),
    settings,
    openUpstream: ({ endpoint: { name } }) => {
      const behaviour = world.mirrors[name]?.behaviour ?? (() => ({ do: 'hang' }));
      return simUpstream(clock, behaviour, random, (probe, id) => watcher.arrive(name, probe, id));
    },
    clock,
    random,
    emit: (event) => watcher.hear(event),
  });
}

function countPin(
  pins: { repeats: number; pinned: number; readonly last: Map<string, { mirror: string; atMs: number }> },
  module: string,
  mirror: string,
  nowMs: number,
): void {
  const before = pins.last.get(module);
  if (before !== undefined && nowMs - before.atMs < MIRRORS_DEFAULTS.pins.lastMs) {
    pins.repeats += 1;
    if (before.mirror === mirror) pins.pinned += 1;
  }
  pins.last.set(module, { mirror, atMs: nowMs });
}
