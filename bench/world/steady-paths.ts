import { seededRandom } from '../../test/support/seeded-random.ts';

/** A steady load of metadata. */
export type SteadyPaths = {
  readonly count: number;
  /** So many modules take turns, by chance. */
  readonly modules: number;
  /** The .info of a version follows its .mod after so many requests; without it, .mod files alone. */
  readonly infoAfter?: number;
  /** A 32-bit integer; the same one gives the same paths. */
  readonly seed: number;
};

/** Paths in the order in which they are asked. Every version is new: nobody has asked for it before. */
export function steadyPaths({ count, modules, infoAfter, seed }: SteadyPaths): string[] {
  const random = seededRandom(seed);
  const asked: string[] = [];
  const infos: { readonly from: number; readonly path: string }[] = [];
  for (let version = 0; asked.length < count;) {
    if ((infos[0]?.from ?? Infinity) <= asked.length) {
      asked.push(infos.shift()?.path ?? '');
      continue;
    }
    const stem = `/example.com/load/m${Math.floor(random() * modules)}/@v/v1.0.${version}`;
    version += 1;
    if (infoAfter !== undefined) infos.push({ from: asked.length + infoAfter, path: `${stem}.info` });
    asked.push(`${stem}.mod`);
  }
  return asked;
}
