import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
import { reverseCleanup, serveRondo, type ServedRondo } from '../support/rondo-process.ts';
import { tempFolder, type Cleanup } from '../support/temp-folder.ts';
import { assertWorks } from './bench.ts';

/** `go` with an empty GOMODCACHE that knows nothing but Rondo. */
async function go(
  t: Cleanup,
  cwd: string,
  rondo: ServedRondo,
  ...commands: (readonly string[])[]
): Promise<GoRun> {
  const workspace = await goWorkspace(t);
  const env = { GOFLAGS: '-buildvcs=false -trimpath' };
  const options = { workspace, cwd, goproxy: rondo.url, gosumdb: GOSUMDB, env, timeoutMs: TIMEOUT_MS };
  let last: GoRun | undefined;
  for (const args of commands) {
    last = await goCommand(args, options);
    assertWorks(last, `go ${args.join(' ')}\n${rondo.stderr().slice(-4000)}`);
  }
  assert.ok(last !== undefined);
  return last;
}

async function provesItself(context: TestContext): Promise<void> {
  const t = reverseCleanup(context);
  const [cwd, upstream, cacheDir] = await Promise.all([checkout(t), ownUpstream(), tempFolder(t, 'copy')]);
  const env = await ownEnvironment(t, upstream);
  const online = await serveRondo(t, { env, cacheDir });
  const startMs = Date.now();
  const verified = await go(t, cwd, online, ['mod', 'download'], ['mod', 'verify']);
  assert.match(verified.stdout, /all modules verified/);
  context.diagnostic(`go mod download and verify: ${Math.round((Date.now() - startMs) / 1000)} s`);
  const zips = (await online.metrics())('rondo_flights_total', { kind: 'zip', ok: 'true' });
  assert.ok(zips >= LEAST_MODULES, `only ${zips} zips`);
  assert.equal(await online.stop(), 0);

  const sums = await readFile(join(cwd, 'go.sum'), 'utf8');
  const offline = await serveRondo(t, { env, cacheDir, offline: true });
  const built = await go(t, cwd, offline, ['build', './...']);
  context.diagnostic(`go build ./... offline: ${Math.round(built.durationMs / 1000)} s`);
  assert.equal((await offline.metrics())('rondo_flights_total'), 0, 'nothing was fetched');
  assert.equal(await readFile(join(cwd, 'go.sum'), 'utf8'), sums, 'go.sum was complete');
  assert.equal(await offline.stop(), 0);
}

await testWith(
  ['go', 'network'],
  'a real project of 139 modules downloads through Rondo and builds offline',
  provesItself,
);
