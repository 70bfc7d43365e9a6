import assert from 'node:assert/strict';
import { cp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { goCommand, goWorkspace } from '../support/go-command.ts';
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
import { tempFolder } from '../support/temp-folder.ts';
import { assertWorks } from './bench.ts';
import { runRondo, startRondo } from './rondo-command.ts';

/** Nobody is reached here: a port that is nobody's. */
const NOBODY = 'http://127.0.0.1:9';

const ENOUGH_MODS = 50;

/** Of how many versions a copy has the `.mod`. */
async function modsHeld(cacheDir: string): Promise<number> {
  const names = await readdir(join(cacheDir, 'cache', 'download'), { recursive: true }).catch(() => []);
  return names.filter((name) => /@v[/\\][^/\\]+\.mod$/.test(name)).length;
}

/** What it prints goes into the log of the test. */
async function fromBundle(context: TestContext): Promise<void> {
  const t = reverseCleanup(context);
  const [cwd, upstream] = await Promise.all([checkout(t), ownUpstream()]);
  const online = { ...(await ownEnvironment(t, upstream)), RONDO_CACHE_DIR: await tempFolder(t, 'online') };
  const bundle = join(await tempFolder(t, 'stick'), 'bundle.tar.zst');
  const sync = ['sync', '--target', bundle];

  // Ended by force as soon as some files are there; the second run goes on.
  const first = startRondo(t, sync, { env: online, cwd });
  while ((await modsHeld(online.RONDO_CACHE_DIR)) < ENOUGH_MODS)
    await new Promise((resolve) => setTimeout(resolve, 50));
  first.child.kill('SIGKILL');
  await first.ended;
  const second = await runRondo(t, sync, { env: online, cwd });
  assert.deepEqual([second.code, second.stdout], [0, ''], second.stderr);
  const [, already] = /; (\d+) of \d+ were there already/.exec(second.stderr) ?? [];
  assert.ok(Number(already) >= ENOUGH_MODS, second.stderr);
  context.diagnostic(`figures: sync: ${second.stderr.trim().split('\n').join(' | ')}`);
  const { size } = await stat(bundle);
  context.diagnostic(`figures: the bundle has ${Math.round(size / 2 ** 20)} MiB`);

  const offline = { ...online, GOPROXY: NOBODY, RONDO_CACHE_DIR: await tempFolder(t, 'offline') };
  const imported = await runRondo(t, ['cache', 'import', bundle, '--offline'], { env: offline, cwd });
  assert.deepEqual([imported.code, imported.stdout], [0, ''], imported.stderr);
  context.diagnostic(`figures: import: ${imported.stderr.trim().split('\n').join(' | ')}`);

  const elsewhere = join(await tempFolder(t, 'elsewhere'), 'project');
  await cp(cwd, elsewhere, { recursive: true });
  await rm(join(elsewhere, 'go.sum'));
  const server = await serveRondo(t, { env: offline, cacheDir: offline.RONDO_CACHE_DIR, offline: true });
  const settings = { workspace: await goWorkspace(t), goproxy: server.url, gosumdb: GOSUMDB };
  const env = { GOFLAGS: '-buildvcs=false -mod=mod -trimpath' };
  const built = await goCommand(['build', './...'], {
    ...settings,
    env,
    cwd: elsewhere,
    timeoutMs: TIMEOUT_MS,
  });
  assertWorks(built);
  assert.equal(await server.stop(), 0);

  const vendored = await runRondo(t, ['sync', '--vendor'], {
    env: { ...online, GOMODCACHE: (await goWorkspace(t)).modCache, GOFLAGS: '' },
    cwd,
  });
  assert.equal(vendored.code, 0, vendored.stderr);
  assert.match(vendored.stderr, /vendor is whole/);
  const alone = { workspace: await goWorkspace(t), goproxy: 'off', gosumdb: GOSUMDB };
  const fromVendor = { GOFLAGS: '-buildvcs=false -mod=vendor -trimpath' };
  assertWorks(await goCommand(['build', './...'], { ...alone, env: fromVendor, cwd, timeoutMs: TIMEOUT_MS }));
  assert.ok(LEAST_MODULES >= 100);
}

await testWith(
  ['go', 'network'],
  'a real project of more than 100 modules, in one bundle: taken in elsewhere, it builds without a network and a go.sum; so does its vendor folder',
  fromBundle,
);
