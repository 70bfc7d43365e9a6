import type { Random } from '../../src/kit/random.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { MADE_VERSIONS, madePath } from '../world/made-modules.ts';

/** What clients of a soak ask for. */
export type SoakPaths = {
  readonly count: number;
  /** From 0 to 1: so many of the requests are for a file that nobody has asked for before. */
  readonly coldShare: number;
  /** The number of the first module; those after it follow. */
  readonly firstModule: number;
  /** A 32-bit integer; the same one gives the same paths. */
  readonly seed: number;
};

/** So many modules are new at the same time. */
const NEW_AT_A_TIME = 8;
/** How long ago what is asked again was asked last, on average, in requests, */
const AGE = 500;
/** but for some, which may be as old as they like: a copy with a bound may have given them up. */
const OF_ANY_AGE = 0.1;

/** Paths in the order in which they are asked: all files of made modules, lists and `@latest` too, and again. Pure. */
export function soakPaths({ count, coldShare, firstModule, seed }: SoakPaths): string[] {
  const random = seededRandom(seed);
  const fresh = newFiles(firstModule, random);
  const asked: string[] = [];
  while (asked.length < count) {
    const isCold = random() < coldShare;
    const age = random() < OF_ANY_AGE ? random() * asked.length : -Math.log(1 - random()) * AGE;
    const again = asked[asked.length - 1 - (Math.floor(age) % asked.length)];
    asked.push(isCold || again === undefined ? fresh() : again);
  }
  return asked;
}

/** Each call gives a file of one of the modules that are new now, until that has no more. */
function newFiles(firstModule: number, random: Random): () => string {
  const open: string[][] = [];
  let module = firstModule;
  return () => {
    for (; open.length < NEW_AT_A_TIME; module += 1) open.push(filesOf(module));
    const index = Math.floor(random() * open.length);
    const files = open[index] ?? [];
    const path = files.shift() ?? '';
    if (files.length === 0) open.splice(index, 1);
    return path;
  };
}

/** In the order in which `go get` asks. */
function filesOf(module: number): string[] {
  const versions = MADE_VERSIONS.toReversed().flatMap((version) =>
    ['info', 'mod', 'zip'].map((kind) => `${version}.${kind}`),
  );
  return ['list', '@latest', ...versions].map((rest) => madePath(module, rest));
}
