import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { findExecutable } from '../../src/host/find-executable.ts';
import { goCommand, goEnvironment, goWorkspace } from '../support/go-command.ts';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import { findOldNode, testWith } from '../support/requirements.ts';
import { execRondo, reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import { assertCopyIsRight, assertWorks, chainOf, DATABASE, PROJECT, startMirrors } from './bench.ts';

/** A user whose only Node, outside Rondo's own node_modules, is an old one. */
async function oldNodeUser(context: TestContext) {
  const t = reverseCleanup(context);
  const folder = await findOldNode();
  assert.ok(folder !== undefined);
  const go = await findExecutable('go', process.platform, process.env, process.cwd());
  assert.ok(go.kind === 'found');
  const mirrors = await startMirrors(t, ['broken', 'b', 'c']);
  await mirrors[0].setFault({ kind: 'short' }, { kinds: ['zip'] });
  const workspace = await goWorkspace(t);
  const PATH = [folder, dirname(go.path), '/usr/bin', '/bin'].join(':');
  const gosumdb = DATABASE.key;
  const env = goEnvironment({ workspace, goproxy: chainOf(mirrors), gosumdb, env: { PATH } });
  return {
    t,
    mirrors,
    workspace,
    gosumdb,
    env,
    node: join(folder, 'node'),
    cwd: await tempProject(t, PROJECT),
  };
}

/** What the tests run with is a newer one; this is about the launcher's way to it. */
async function versionOf(t: Cleanup, node: string, env: Readonly<Record<string, string>>): Promise<string> {
  const cacheDir = await tempFolder(t, 'copy');
  const run = await execRondo(t, ['node', '--version'], { env, node, cacheDir, cwd: cacheDir });
  assertWorks(run);
  return run.stdout.trim();
}

await testWith(['go', 'old-node'], 'with an old Node only: exec builds', async (context) => {
  const { t, env, node, cwd } = await oldNodeUser(context);
  assert.ok(Number(/^v(\d+)\./.exec(await versionOf(t, node, env))?.[1]) < 24, 'CMD keeps the old one');
  const cacheDir = await tempFolder(t, 'copy');
  const run = await execRondo(t, ['go', 'build', './...'], { env, node, cwd, cacheDir });
  assertWorks(run);
  assert.match(run.stderr, /^rondo: \d+ requests, /m);
  assert.ok((await assertCopyIsRight(cacheDir)) >= 10);
  const failed = await execRondo(t, ['sh', '-c', 'exit 42'], { env, node, cwd, cacheDir });
  assert.equal(failed.code, 42);
});

await testWith(
  ['go', 'old-node'],
  'with an old Node only: serve serves, and SIGTERM drains it',
  async (context) => {
    const { t, env, node, cwd, workspace, gosumdb } = await oldNodeUser(context);
    const rondo = await serveRondo(t, { env, node });
    const options = { workspace, cwd, goproxy: rondo.url, gosumdb };
    assertWorks(await goCommand(['mod', 'download'], options), rondo.stderr());
    assert.match((await goCommand(['mod', 'verify'], options)).stdout, /all modules verified/);
    assertWorks(await goCommand(['build', './...'], options), rondo.stderr());
    assert.equal(await rondo.stop(), 0);
    assert.equal(
      (await fetchRaw(`${rondo.url}/healthz`)).status,
      0,
      'the one that the launcher started is gone too',
    );
    assert.ok((await assertCopyIsRight(rondo.cacheDir)) >= 20);
  },
);
