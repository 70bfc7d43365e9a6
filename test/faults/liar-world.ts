import { ChecksumDatabase } from '../support/checksum-database.ts';
import { bigModule, escapeName, type FixtureModule } from '../support/fixture-modules.ts';

/** How many modules have zips of which size, in MiB: most are small, as they are in life. */
const SIZES: readonly (readonly [count: number, mib: number])[] = [
  [48, 0.0625],
  [16, 0.25],
  [6, 2],
  [2, 16],
];

/** Modules whose zips are noise, stored: every byte of them but a few of the directory counts for the h1. */
export const MODULES: readonly FixtureModule[] = await Promise.all(
  SIZES.flatMap(([count, mib]) =>
    Array.from({ length: count }, (_, n) =>
      bigModule(`example.com/noise/m${mib * 10_000}n${n}`, 'v1.0.0', mib),
    ),
  ),
);

/** Kept for the end of a run, when all the others have been asked for. */
export const RESERVED: readonly FixtureModule[] = await Promise.all(
  Array.from({ length: 16 }, (_, n) => bigModule(`example.com/reserved/r${n}`, 'v1.0.0', 0.0625)),
);

/** What the mirrors serve. */
export const WORLD: { readonly modules: readonly FixtureModule[]; readonly database: ChecksumDatabase } = {
  modules: [...MODULES, ...RESERVED],
  database: ChecksumDatabase.over([...MODULES, ...RESERVED]),
};

/** One file that clients ask for, and what it must be. */
export type Wanted = { readonly path: string; readonly bytes: Buffer };

/** One file of a module. */
export function wanted(module: FixtureModule, kind: 'info' | 'mod' | 'zip'): Wanted {
  const path = `/${escapeName(module.path)}/@v/${escapeName(module.version)}.${kind}`;
  return { path, bytes: module[kind] };
}
