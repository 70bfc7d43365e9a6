import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { storeKey } from '../../src/gomod/store-key.ts';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { filledCopy } from '../support/filled-copy.ts';
import { bigModule, fixtureModule } from '../support/fixture-modules.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder, type Cleanup } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { filesBelow, isUnfinished, startMirrors } from './bench.ts';
import { runRondo, startRondo, stranger } from './rondo-command.ts';

const BIG = await bigModule('example.com/big', 'v1.0.0', 2);

/** A copy in which a server was killed in the middle of a zip. */
async function killedServer(t: Cleanup) {
  const { env, home } = await stranger(t);
  const [mirror] = await startMirrors(t, ['a'], { modules: [BIG] });
  await mirror.setFault({ kind: 'stall', afterBytes: 1_500_000 }, { kinds: ['zip'] });
  const cacheDir = await tempFolder(t, 'copy');
  const options = { env: { ...env, GOPROXY: mirror.url }, cwd: home };
  const rondo = startRondo(t, ['serve', '--port', '0', '--cache-dir', cacheDir], options);
  const [, url = ''] = await rondo.written(/GOPROXY=(http:\/\/[^\s,|"]+)/);
  const { path: module, version } = BIG;
  void fetch(`${url}/${storeKey({ module, version, kind: 'zip' })}`).catch(() => undefined);
  const unfinished = async (): Promise<string[]> => (await filesBelow(cacheDir)).filter(isUnfinished);
  await until('a spool has grown', async () => {
    const [spool] = await unfinished();
    return spool !== undefined && (await stat(join(cacheDir, spool))).size > 1_000_000;
  });
  rondo.child.kill('SIGKILL');
  await rondo.ended;
  assert.equal((await unfinished()).length, 1);
  const run = (...args: string[]) => runRondo(t, [...args, '--cache-dir', cacheDir], options);
  return { run, unfinished };
}

await testWith(
  ['linux'],
  'what was fetched when Rondo was killed is gone with the next command',
  async (context) => {
    const t = reverseCleanup(context);
    const { run, unfinished } = await killedServer(t);
    const gc = await run('cache', 'gc', '--json');
    assert.equal(gc.code, 0, gc.stderr);
    assert.match(gc.stderr, /removed 1\.\d+ MiB that a killed Rondo had left unfinished/);
    const { leftovers } = JSON.parse(gc.stdout) as { leftovers: { count: number; bytes: number } };
    assert.ok(leftovers.count === 1 && leftovers.bytes > 1_000_000, gc.stdout);
    assert.deepEqual(await unfinished(), []);
    const again = await run('cache', 'gc');
    assert.doesNotMatch(again.stderr, /unfinished/);
  },
);

await testWith(['linux'], 'the shortest command over the copy sweeps it, too', async (context) => {
  const t = reverseCleanup(context);
  const { run, unfinished } = await killedServer(t);
  assert.equal((await run('cache', 'ls')).code, 0);
  assert.deepEqual(await unfinished(), []);
});

await testWith(
  ['linux'],
  'a folder that a killed toolchain install has left goes with the next one',
  async (context) => {
    const t = reverseCleanup(context);
    const version = '1.26.8';
    const platform = `linux-${process.arch === 'arm64' ? 'arm64' : 'amd64'}`;
    const toolchain = await fixtureModule({
      path: 'golang.org/toolchain',
      version: `v0.0.1-go${version}.${platform}`,
      files: { 'bin/go': '#!/bin/sh\n' },
    });
    const database = ChecksumDatabase.over([toolchain]);
    const copy = await filledCopy(t, [], { modules: [toolchain], database });
    const dir = await tempFolder(t, 'toolchains');
    const own = JSON.stringify(join(import.meta.dirname, '..', '..', 'src', 'store', 'unpack-bundle.ts'));
    const code = `import { temporaryFolder } from ${own}; await temporaryFolder(${JSON.stringify(dir)});`;
    await once(spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' }), 'exit');
    await mkdir(join(dir, '.rondo-notes'));
    assert.equal((await readdir(dir)).length, 2);
    const run = await copy.rondo('toolchain', 'install', version, '--dir', dir);
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual((await readdir(dir)).toSorted(), ['.rondo-notes', `go${version}.${platform}`]);
  },
);
