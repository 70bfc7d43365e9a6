import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { chainOf, startMirrors } from '../../e2e/bench.ts';
import { goEnvironment, goWorkspace } from '../../support/go-command.ts';
import type { MirrorProcess } from '../../support/mirror-process.ts';
import { serveRondo, type ServedRondo } from '../../support/rondo-process.ts';
import type { Cleanup } from '../../support/temp-folder.ts';
import { rowWorld, type RowWorld } from '../rows/row-world.ts';
import { configText, dividedKeys, type ConfigKeys } from './divided-config.ts';

/** What all rows share: three mirrors in processes of their own, of which the first is the bad one. */
export type SuiteBench = {
  readonly world: RowWorld;
  readonly mirrors: readonly [bad: MirrorProcess, good: MirrorProcess, better: MirrorProcess];
  /** By which all times are divided; 1: real ones. */
  readonly divisor: number;
  /** A Rondo with an empty copy in front of the mirrors; its times are divided. */
  serve(t: Cleanup, how?: Serving): Promise<ServedRondo>;
};

/** How a Rondo of the suite differs from the others. */
export type Serving = {
  readonly keys?: ConfigKeys | undefined;
  /** As in GOPROXY; default: the three mirrors. */
  readonly chain?: string;
  readonly env?: Readonly<Record<string, string>>;
};

/** Kept between runs: a Rondo that starts from its sources again and again need not compile them again. */
export const COMPILED: Readonly<Record<string, string>> = {
  NODE_COMPILE_CACHE: join(tmpdir(), `rondo-test-compiled-${userInfo().username}`),
};

/** What is asked early would count as attempts that nobody asked for. */
const NOTHING_EARLY: ConfigKeys = { early: { at_once: '0' } };

/** Starts the mirrors; they end with `t`. */
export async function openBench(t: Cleanup, divisor: number): Promise<SuiteBench> {
  const world = await rowWorld();
  const mirrors = await startMirrors(t, ['bad', 'good', 'better'], world);
  return {
    world,
    mirrors,
    divisor,
    async serve(t, { keys = {}, chain = chainOf(mirrors), env = {} } = {}) {
      const workspace = await goWorkspace(t);
      const config = configText(chain, dividedKeys(divisor), NOTHING_EARLY, keys);
      const settings = { workspace, goproxy: '', gosumdb: world.database.key, env: { ...COMPILED, ...env } };
      return serveRondo(t, { env: goEnvironment(settings), config });
    },
  };
}
