import assert from 'node:assert/strict';
import { cp, rm, stat } from 'node:fs/promises';
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

/** What it prints goes into the log of the test. */
async function fromBundle(context: TestContext): Promise<void> {
  const t = reverseCleanup(context);
  const [cwd, upstream] = await Promise.all([checkout(t), ownUpstream()]);
  const online = { ...(await ownEnvironment(t, upstream)), RONDO_CACHE_DIR: await tempFolder(t, 'online') };
  const bundle = join(await tempFolder(t, 'stick'), 'bundle.tar.zst');
  const sync = ['sync', '--target', bundle];

  // Ended by force as soon as something is there; the second run goes on.
  const first = startRondo(t, sync, { env: online, cwd });
  const held = join(online.RONDO_CACHE_DIR, 'cache', 'download', 'github.com');
  while ((await stat(held).catch(() => undefined)) === undefined)
    await new Promise((resolve) => setTimeout(resolve, 50));
  first.child.kill('SIGKILL');
  await first.ended;
  const second = await runRondo(t, sync, { env: online, cwd });
  assert.deepEqual([second.code, second.stdout], [0, ''], second.stderr);
  assert.match(second.stderr, /; [1-9]\d* were there already/);
  context.diagnostic(second.stderr.trim().split('\n').join(' | '));
  const { size } = await stat(bundle);
  context.diagnostic(`the bundle has ${Math.round(size / 2 ** 20)} MiB`);

  const offline = { ...online, GOPROXY: NOBODY, RONDO_CACHE_DIR: await tempFolder(t, 'offline') };
  const imported = await runRondo(t, ['cache', 'import', bundle, '--offline'], { env: offline, cwd });
  assert.deepEqual([imported.code, imported.stdout], [0, ''], imported.stderr);
  context.diagnostic(imported.stderr.trim().split('\n').join(' | '));

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
