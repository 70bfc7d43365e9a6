import assert from 'node:assert/strict';
import { askedOf, assertCopyIsRight, chainOf, startMirrors } from '../../e2e/bench.ts';
import { ChecksumDatabase } from '../../support/checksum-database.ts';
import { fixtureModule } from '../../support/fixture-modules.ts';
import { goCommand, goEnvironment, goWorkspace } from '../../support/go-command.ts';
import type { MirrorProcess } from '../../support/mirror-process.ts';
import { serveRondo } from '../../support/rondo-process.ts';
import { withCleanup } from '../../support/scoped-cleanup.ts';
import { tempProject, type Cleanup } from '../../support/temp-folder.ts';
import { quickened, type Row } from '../rows/row.ts';
import { buildProject, type BuildProject } from './build-project.ts';
import { configText, dividedKeys } from './divided-config.ts';
import { PARTS } from './part-module.ts';
import { COMPILED } from './suite-bench.ts';

const VERSION = 'v1.0.0';

/** A project, and mirrors that have its modules. */
export type BuildBench = BuildProject & {
  readonly database: ChecksumDatabase;
  readonly mirrors: readonly MirrorProcess[];
  /** By which all times are divided; 1: real ones. */
  readonly divisor: number;
};

/** Starts the mirrors; they end with `t`. */
export async function openBuildBench(t: Cleanup, divisor: number): Promise<BuildBench> {
  const { modules, files } = await buildProject(VERSION);
  const database = ChecksumDatabase.over(modules);
  const mirrors = await startMirrors(t, ['bad', 'good', 'better'], { modules, database });
  return { modules, files, database, mirrors, divisor };
}

/** What builds beside one bad mirror came to. */
export type Builds = { readonly count: number; readonly medianMs: number; readonly longestMs: number };

/** For people: none has failed, or there would be no times. */
export function timesOfBuilds({ count, medianMs, longestMs }: Builds): string {
  return `0 of ${count} failed, median ${Math.round(medianMs)} ms, longest ${Math.round(longestMs)} ms`;
}

/** Builds the project `count` times beside a first mirror that is bad as in `row`, or good; fails with the first that fails. */
export async function buildBeside(row: Row | undefined, count: number, bench: BuildBench): Promise<Builds> {
  const [bad] = bench.mirrors;
  assert.ok(bad !== undefined);
  await bad.clearFaults();
  for (const { change } of row === undefined ? [] : quickened(row, bench.divisor).turns) {
    if (change !== 'good') await bad.setFault(change.fault, change.scope);
  }
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) times.push(await withCleanup((t) => buildOnce(t, bench)));
  times.sort((a, b) => a - b);
  return { count, medianMs: times[Math.floor(count / 2)] ?? NaN, longestMs: times.at(-1) ?? NaN };
}

/** How long `go build` took, copy and GOMODCACHE empty; asserts that it worked and left a right copy. */
async function buildOnce(
  t: Cleanup,
  { modules, files, database, mirrors, divisor }: BuildBench,
): Promise<number> {
  const workspace = await goWorkspace(t);
  const gosumdb = database.key;
  const env = goEnvironment({ workspace, goproxy: '', gosumdb, env: COMPILED });
  const rondo = await serveRondo(t, { env, config: configText(chainOf(mirrors), dividedKeys(divisor)) });
  const cwd = await tempProject(t, files);
  const run = await goCommand(['build', '-trimpath', './...'], {
    workspace,
    cwd,
    goproxy: rondo.url,
    gosumdb,
  });
  assert.equal(run.code, 0, `${run.stderr}\n${rondo.stderr()}`);
  assert.equal(await rondo.stop(), 0, rondo.stderr());
  assert.ok((await assertCopyIsRight(rondo.cacheDir, modules)) >= 2 * PARTS);
  return run.durationMs;
}

/**
 * How long `go get M/sub` took, at real times, where two mirrors answer 404 for it and one hangs. go takes anything but
 * 404 as fatal: it asks for M/sub as a module beside M, which has the package.
 */
export async function getBesideHang(): Promise<number> {
  return withCleanup(async (t) => {
    const path = 'example.com/parent';
    const parent = await fixtureModule({ path, version: VERSION, files: { 'sub/sub.go': 'package sub\n' } });
    const database = ChecksumDatabase.over([parent]);
    const mirrors = await startMirrors(t, ['hangs', 'a', 'b'], { modules: [parent], database });
    await mirrors[0].setFault({ kind: 'hang' });
    const workspace = await goWorkspace(t);
    const gosumdb = database.key;
    const env = goEnvironment({ workspace, goproxy: chainOf(mirrors), gosumdb });
    const rondo = await serveRondo(t, { env });
    const cwd = await tempProject(t, { 'go.mod': 'module example.com/project\n\ngo 1.21\n' });
    const run = await goCommand(['get', `${path}/sub`], { workspace, cwd, goproxy: rondo.url, gosumdb });
    assert.equal(run.code, 0, `${run.stderr}\n${rondo.stderr()}`);
    assert.equal(await rondo.stop(), 0, rondo.stderr());
    const asked = (await Promise.all(mirrors.map(askedOf))).flat();
    const agreed = asked.filter(({ path, status }) => path.endsWith('/parent/sub/@v/list') && status === 404);
    assert.equal(agreed.length, 2, 'both were asked for M/sub, once each');
    return run.durationMs;
  });
}
