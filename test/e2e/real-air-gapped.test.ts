import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TestContext } from 'node:test';
import { goCommand, goWorkspace, type GoRun } from '../support/go-command.ts';
import {
  checkout,
  GOSUMDB,
  LEAST_MODULES,
  ownEnvironment,
  ownUpstream,
  TIMEOUT_MS,
} from '../support/real-project.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { tempFolder, type Cleanup } from '../support/temp-folder.ts';
import { assertWorks } from './bench.ts';
import { runRondo } from './rondo-command.ts';

/** Builds the project as somebody whose go has seen nothing and whose go.sum is gone, from `goproxy` alone. */
async function buildFrom(t: Cleanup, cwd: string, goproxy: string): Promise<GoRun> {
  await rm(join(cwd, 'go.sum'), { force: true });
  const settings = { workspace: await goWorkspace(t), goproxy, gosumdb: GOSUMDB };
  // Trimmed, so that what was compiled once need not be for another GOMODCACHE.
  const env = { GOFLAGS: '-buildvcs=false -mod=mod -trimpath' };
  const built = await goCommand(['build', './...'], { ...settings, env, cwd, timeoutMs: TIMEOUT_MS });
  assertWorks(built, goproxy);
  return built;
}

async function crossesTheGap(context: TestContext): Promise<void> {
  const t = reverseCleanup(context);
  const [cwd, upstream, cacheDir] = await Promise.all([checkout(t), ownUpstream(), tempFolder(t, 'copy')]);
  const workspace = await goWorkspace(t);
  const asGo = { workspace, cwd, goproxy: upstream, gosumdb: GOSUMDB, timeoutMs: TIMEOUT_MS };
  assertWorks(await goCommand(['mod', 'download'], asGo));
  const env = { ...(await ownEnvironment(t, upstream)), RONDO_CACHE_DIR: cacheDir };
  const rondo = async (...args: readonly string[]): ReturnType<typeof runRondo> => {
    const startMs = Date.now();
    const run = await runRondo(t, args, { env, cwd });
    context.diagnostic(
      `rondo ${args.slice(0, 2).join(' ')}: ${Math.round((Date.now() - startMs) / 1000)} s; ${run.stderr.trim().split('\n').join(' | ')}`,
    );
    return run;
  };

  const imported = await rondo('cache', 'import', workspace.modCache);
  assert.equal(imported.code, 0, `${imported.stdout}${imported.stderr}`);
  const verified = await rondo('verify', '--json');
  const [page] = (JSON.parse(verified.stdout) as { files: { counts: Record<string, number> }[] }).files;
  assert.equal(page?.counts['different'], 0);
  assert.ok((page?.counts['equal'] ?? 0) >= 2 * LEAST_MODULES, JSON.stringify(page?.counts));
  assert.equal((await rondo('cache', 'verify')).code, 0);

  const folder = join(await tempFolder(t, 'stick'), 'proxy');
  const exported = await rondo('cache', 'export', folder);
  assert.equal(exported.code, 0, `${exported.stdout}${exported.stderr}`);
  const server = await serveRondo(t, { env, cacheDir, offline: true });
  const first = await buildFrom(t, cwd, server.url);
  assert.equal((await server.metrics())('rondo_flights_total'), 0, 'nothing was fetched');
  assert.equal(await server.stop(), 0);
  const second = await buildFrom(t, cwd, pathToFileURL(folder).href);
  context.diagnostic(
    `go build: ${[first, second].map(({ durationMs }) => `${Math.round(durationMs / 1000)} s`).join(', ')}`,
  );
}

await testWith(
  ['go', 'network'],
  'a real GOMODCACHE of more than 100 modules, imported and exported, builds without a network and without go.sum',
  crossesTheGap,
);
