import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import '../support/loopback-only.ts';
import { fetchRaw } from '../support/http-client.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder, type Cleanup } from '../support/temp-folder.ts';
import { startMirrors } from './bench.ts';
import { runRondo, startRondo, stranger } from './rondo-command.ts';

const LIST = 'example.com/nowhere/@v/list';
const MOD = 'example.com/nowhere/@v/v1.0.0.mod';

/** Somebody with a copy of their own, and what they are told of a file through each chain. */
async function user(t: Cleanup) {
  const { env, home } = await stranger(t);
  const cacheDir = await tempFolder(t, 'copy');
  const options = (goproxy: string) => ({ env: { ...env, GOPROXY: goproxy }, cwd: home });
  const asking =
    "fetch(`${process.env.GOPROXY.split(',')[0]}/${process.argv[1]}`).then((got) => console.log('status', got.status))";
  return {
    home,
    cacheDir,
    run: (goproxy: string, ...args: string[]) =>
      runRondo(t, [...args, '--cache-dir', cacheDir], options(goproxy)),
    serve: (goproxy: string, ...args: string[]) =>
      startRondo(t, ['serve', '--port', '0', '--cache-dir', cacheDir, ...args], options(goproxy)),
    async statusOf(goproxy: string, file: string): Promise<string> {
      const words = ['exec', '--cache-dir', cacheDir, '--', process.execPath, '-e', asking, file];
      const { stdout, stderr } = await runRondo(t, words, options(goproxy));
      return /status (\d+)/.exec(stdout)?.[1] ?? `${stdout}${stderr}`;
    },
  };
}

const NOBODY = 'http://127.0.0.1:1';

for (const chain of ['off', 'direct'])
  test(`sync with GOPROXY=${chain} leaves no 404 behind for chains that have mirrors`, async (t: TestContext) => {
    const { home, run, statusOf } = await user(t);
    const mod = 'module example.com/p\n\ngo 1.21\n\nrequire example.com/nowhere v1.0.0\n';
    await writeFile(join(home, 'go.mod'), mod);
    assert.notEqual((await run(chain, 'sync')).code, 0);
    assert.equal(await statusOf(NOBODY, MOD), '502');
  });

test('what one chain has said is not said in the name of another, after a restart and after a reload', async (context) => {
  const t = reverseCleanup(context);
  const { home, serve, statusOf } = await user(t);
  const [mirror] = await startMirrors(t, ['a']);
  assert.equal(await statusOf(mirror.url, LIST), '404');
  assert.equal(await statusOf(NOBODY, LIST), '502');
  const file = join(home, 'chain.ini');
  await writeFile(file, `proxy = ${mirror.url}\n`);
  const rondo = serve('', '--config', file);
  const [, url = ''] = await rondo.written(/GOPROXY=(http:\/\/[^\s,|"]+)/);
  assert.equal((await fetchRaw(`${url}/${LIST}`)).status, 404);
  await writeFile(file, `proxy = ${NOBODY}\n`);
  await rondo.written(/the configuration was read again/);
  assert.equal((await fetchRaw(`${url}/${LIST}`)).status, 502);
  await writeFile(file, `proxy = ${mirror.url}\n`);
  await rondo.written(/the configuration was read again[^]*the configuration was read again/);
  await mirror.setFault({ kind: 'refused' });
  assert.equal((await fetchRaw(`${url}/${LIST}`)).status, 404, 'the chain that said it: replayed');
});
