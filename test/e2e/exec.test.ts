import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { goEnvironment, goWorkspace, type GoWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { execRondo, startExec } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import {
  askedOf,
  assertCopyIsRight,
  assertWorks,
  chainOf,
  DATABASE,
  PROJECT,
  startMirrors,
} from './bench.ts';

/** A fresh user with a project, whose chain is `goproxy`. */
async function user(
  t: Cleanup,
  goproxy: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ workspace: GoWorkspace; cwd: string; env: Record<string, string>; cacheDir: string }> {
  const workspace = await goWorkspace(t);
  const cwd = await tempProject(t, PROJECT);
  const cacheDir = await tempFolder(t, 'cache');
  return { workspace, cwd, cacheDir, env: goEnvironment({ workspace, goproxy, gosumdb: DATABASE.key, env }) };
}

/** A port that refuses: it was free a moment ago, and its owner has gone. */
async function refusedUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

await testWith(
  ['go'],
  'a chain of one that refuses, one that hangs, one that cuts every zip, and one that is good',
  async (t) => {
    const [hangs, cuts, good] = await startMirrors(t, ['hangs', 'cuts', 'good']);
    await hangs.setFault({ kind: 'hang' });
    await cuts.setFault({ kind: 'short' }, { kinds: ['zip'] });
    const refused = await refusedUrl();
    const { env, cwd, cacheDir } = await user(t, `${refused},${chainOf([hangs, cuts, good])}`);
    const run = await execRondo(t, ['go', 'build', './...'], { env, cwd, cacheDir });
    assertWorks(run);
    for (const mirror of [hangs, cuts, good])
      assert.ok((await askedOf(mirror)).length > 0, `${mirror.name} was asked`);
    const summary = run.stderr.trim().split('\n').at(-1) ?? '';
    assert.match(summary, /^rondo: \d+ requests/);
    assert.ok(Number(/(\d+) failed over/.exec(summary)?.[1] ?? 0) >= 1, summary);
    assert.ok(Number(/(\d+) resumed/.exec(summary)?.[1] ?? 0) >= 1, summary);
    await assertCopyIsRight(cacheDir);
  },
);

await testWith(['go'], 'what go builds a second time comes from the copy', async (t) => {
  const [good] = await startMirrors(t, ['good']);
  const first = await user(t, good.url);
  assertWorks(await execRondo(t, ['go', 'build', './...'], first));
  await good.resetLog();
  const second = await user(t, good.url);
  const run = await execRondo(t, ['go', 'build', './...'], { ...second, cacheDir: first.cacheDir });
  assertWorks(run);
  assert.deepEqual(await askedOf(good), []);
  assert.match(run.stderr, /rondo: (\d+) requests?, \1 from the copy/);
});

await testWith(['go'], 'two at once on one copy are right', async (t) => {
  const mirrors = await startMirrors(t, ['a', 'b']);
  const [one, two] = [await user(t, chainOf(mirrors)), await user(t, chainOf(mirrors))];
  const runs = await Promise.all([
    execRondo(t, ['go', 'build', './...'], one),
    execRondo(t, ['go', 'build', './...'], { ...two, cacheDir: one.cacheDir }),
  ]);
  for (const run of runs) assertWorks(run);
  assert.ok((await assertCopyIsRight(one.cacheDir)) > 0);
});

await testWith(['go'], 'private paths never reach a public mirror', async (t) => {
  const [open, own] = await startMirrors(t, ['open', 'own']);
  const config = `proxy = ${chainOf([open, own])}\n\n[mirror "own"]\nurl = ${own.url}\nmatch = example.com/tree,example.com/m\n`;
  const { env, cwd, cacheDir } = await user(t, '', { GOPRIVATE: 'example.com' });
  const run = await execRondo(t, ['go', 'list', '-m', '-versions', 'example.com/m'], {
    env,
    cwd,
    cacheDir,
    config,
  });
  assertWorks(run);
  await execRondo(t, ['go', 'mod', 'download', 'example.com/leaf@v1.1.0'], { env, cwd, cacheDir, config });
  const leaked = (await askedOf(open)).filter(({ path }) => path.includes('example.com'));
  assert.deepEqual(leaked, []);
  assert.ok((await askedOf(own)).some(({ path }) => path === '/example.com/m/@v/list'));
});

await testWith(
  ['go'],
  'a chain of nothing but direct or off is handed to the command as it is',
  async (t) => {
    for (const chain of ['direct', 'off']) {
      const { env, cwd, cacheDir } = await user(t, chain);
      const run = await execRondo(t, ['go', 'env', 'GOPROXY'], { env, cwd, cacheDir });
      assert.deepEqual([run.code, run.stdout.trim()], [0, chain]);
    }
  },
);

await testWith(['go'], "the chain's own end stays, and GOSUMDB stays on the proxy", async (t) => {
  const [good] = await startMirrors(t, ['good']);
  const script = 'echo "$GOPROXY $GOSUMDB"';
  for (const end of [',direct', '|direct', ',off']) {
    const { env, cwd, cacheDir } = await user(t, `${good.url}${end}`, {
      GOSUMDB: `${DATABASE.key} https://elsewhere.invalid`,
    });
    const run = await execRondo(t, ['sh', '-c', script], { env, cwd, cacheDir });
    const [goproxy = '', gosumdb] = run.stdout.trim().split(' ');
    assert.ok(goproxy.startsWith('http://127.0.0.1:') && (goproxy.endsWith(end) || end === ',off'), goproxy);
    assert.equal(gosumdb, DATABASE.key);
  }
});

await testWith(['go'], 'exit codes and signals pass through', async (t) => {
  const [good] = await startMirrors(t, ['good']);
  const { env, cwd, cacheDir } = await user(t, good.url);
  assert.equal((await execRondo(t, ['sh', '-c', 'exit 7'], { env, cwd, cacheDir })).code, 7);
  assert.equal((await execRondo(t, ['sh', '-c', 'kill -TERM $$'], { env, cwd, cacheDir })).code, 143);
  assert.equal((await execRondo(t, ['no-such-command'], { env, cwd, cacheDir })).code, 127);

  const script = 'trap "exit 9" TERM; echo ready; while :; do sleep 0.1; done';
  const rondo = await startExec(t, ['sh', '-c', script], { env, cwd, cacheDir });
  await rondo.written(/ready/);
  rondo.child.kill('SIGTERM');
  assert.equal(await rondo.ended, 9);
});
