import assert from 'node:assert/strict';
import { join } from 'node:path';
import { runRondo, startRondo, stranger, type RondoProcess } from '../e2e/rondo-command.ts';
import { ChecksumDatabase } from './checksum-database.ts';
import { escapeName, type FixtureModule } from './fixture-modules.ts';
import { fetchRaw } from './http-client.ts';
import { startMirror, type MirrorProcess } from './mirror-process.ts';
import type { MirrorWorld } from './mirror-server.ts';
import { serveRondo, type ServedRondo } from './rondo-process.ts';
import { tempFolder, type Cleanup } from './temp-folder.ts';

/** How a command ended. */
export type CommandEnd = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** A user whose copy a Rondo has filled from mirrors, and the commands that they run over it. */
export type FilledCopy = {
  readonly mirrors: readonly MirrorProcess[];
  readonly database: ChecksumDatabase;
  readonly modules: readonly FixtureModule[];
  readonly cacheDir: string;
  /** Where the commands run. */
  readonly home: string;
  /** Where the file of a key lies. */
  pathOf(key: string): string;
  /** `rondo …` of this user, whose chain is the mirrors. */
  rondo(...args: readonly string[]): Promise<CommandEnd>;
  /** The same, while it runs. */
  start(...args: readonly string[]): RondoProcess;
  /** The same user with more, or other, variables; RONDO_CACHE_DIR names another copy. */
  withEnv(env: Readonly<Record<string, string>>): FilledCopy;
  /** The environment in which that runs. */
  readonly env: Readonly<Record<string, string>>;
  /** A `rondo serve` of this user over the same folder. */
  serve(options?: { readonly offline?: boolean }): Promise<ServedRondo>;
};

const EXTENSIONS = ['info', 'mod', 'zip'] as const;

/** The path of a file of a module version below a GOPROXY, which is its key, too. */
export function keyOf({ path, version }: Pick<FixtureModule, 'path' | 'version'>, extension: string): string {
  return `${escapeName(path)}/@v/${escapeName(version)}.${extension}`;
}

/**
 * Starts two mirrors with `served`, or with `modules` alone, and fills a copy with all `modules`, through a server that
 * has ended by then.
 */
export async function filledCopy(
  t: Cleanup,
  modules: readonly FixtureModule[],
  served: MirrorWorld & { readonly database: ChecksumDatabase } = {
    modules,
    database: ChecksumDatabase.over(modules),
  },
): Promise<FilledCopy> {
  const { database } = served;
  const mirrors = await Promise.all(['a', 'b'].map((name) => startMirror({ ...served, name }, t)));
  const { env: ofStranger, home } = await stranger(t);
  const cacheDir = await tempFolder(t, 'copy');
  const chain = mirrors.map(({ url }) => url).join(',');
  const env = { ...ofStranger, GOPROXY: chain, GOSUMDB: database.key, RONDO_CACHE_DIR: cacheDir };
  const copy = copyOf(t, { mirrors, database, modules, cacheDir, home, env });
  if (modules.length === 0) return copy;
  const server = await copy.serve();
  const paths = modules.flatMap((module) => EXTENSIONS.map((extension) => keyOf(module, extension)));
  for (let start = 0; start < paths.length; start += 30) {
    const answers = paths.slice(start, start + 30).map((path) => fetchRaw(`${server.url}/${path}`));
    for (const { status } of await Promise.all(answers)) assert.equal(status, 200, server.stderr());
  }
  assert.equal(await server.stop(), 0);
  return copy;
}

type Facts = Pick<FilledCopy, 'mirrors' | 'database' | 'modules' | 'cacheDir' | 'home' | 'env'>;

function copyOf(t: Cleanup, facts: Facts): FilledCopy {
  const { env, cacheDir, home } = facts;
  return {
    ...facts,
    pathOf: (key) => join(cacheDir, 'cache', 'download', ...key.split('/')),
    rondo: (...args) => runRondo(t, args, { env, cwd: home }),
    start: (...args) => startRondo(t, args, { env, cwd: home }),
    serve: (options = {}) => serveRondo(t, { env, cacheDir, ...options }),
    withEnv: (more) =>
      copyOf(t, { ...facts, cacheDir: more['RONDO_CACHE_DIR'] ?? cacheDir, env: { ...env, ...more } }),
  };
}
