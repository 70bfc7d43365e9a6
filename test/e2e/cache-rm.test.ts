import assert from 'node:assert/strict';
import { access, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { filledCopy, keyOf } from '../support/filled-copy.ts';
import { fixtureModule, type FixtureModule } from '../support/fixture-modules.ts';
import '../support/loopback-only.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { until } from '../support/until.ts';

type Held = {
  module: string;
  version: string;
  sizeBytes: number;
  files: Record<string, { verified: string; mirror?: string }>;
};

const made = (version: string): Promise<FixtureModule> =>
  fixtureModule({ path: 'github.com/Fixture/Caps', version });
const cacheState = async (url: string): Promise<string | null> => {
  const answer = await fetch(url);
  await answer.arrayBuffer();
  return answer.headers.get('x-rondo-cache');
};

test('ls: what is held, of which mirror, how it was verified', async (context) => {
  const t = reverseCleanup(context);
  const modules = [
    await made('v1.10.0'),
    await made('v1.9.0'),
    await fixtureModule({ path: 'example.com/m', version: 'v1.0.0' }),
  ];
  const copy = await filledCopy(t, modules);
  const all = await copy.rondo('cache', 'ls', '--json');
  assert.equal(all.code, 0, all.stderr);
  const page = JSON.parse(all.stdout) as { version: number; sizeBytes: number; versions: Held[] };
  assert.deepEqual(
    page.versions.map(({ module, version }) => `${module}@${version}`),
    ['example.com/m@v1.0.0', 'github.com/Fixture/Caps@v1.9.0', 'github.com/Fixture/Caps@v1.10.0'],
  );
  const bytes = modules.reduce((sum, { info, mod, zip }) => sum + info.length + mod.length + zip.length, 0);
  assert.deepEqual([page.version, page.sizeBytes], [1, bytes]);
  const [first] = page.versions;
  assert.deepEqual(Object.keys(first?.files ?? {}).toSorted(), ['info', 'mod', 'zip']);
  assert.equal(first?.files['zip']?.verified, 'database');
  assert.match(first?.files['zip']?.mirror ?? '', /^127\.0\.0\.1:\d+$/);

  const some = await copy.rondo('cache', 'ls', 'github.com/Fixture');
  assert.match(
    some.stdout,
    /^MODULE +VERSION +SIZE +ASKED FOR +FILES +VERIFIED +MIRROR\ngithub\.com\/Fixture\/Caps +v1\.9\.0 +\d+ B +just now +info mod zip +database +127\.0\.0\.1:\d+.*\n.*v1\.10\.0 .*\n$/,
  );
  assert.match(some.stderr, /^rondo: 2 versions, /m);
  const none = await copy.rondo('cache', 'ls', 'example.org');
  assert.deepEqual([none.code, none.stdout], [1, '']);
});

test('rm: gone from the disk, from the lists, and from the memory of a server', async (context) => {
  const t = reverseCleanup(context);
  const modules = [await made('v1.0.0'), await made('v1.1.0')] as const;
  const copy = await filledCopy(t, modules);
  const server = await copy.serve({ offline: true });
  const urls = modules.map((module) => `${server.url}/${keyOf(module, 'mod')}`);
  for (const url of urls) assert.equal(await cacheState(url), 'offline');

  const run = await copy.rondo('cache', 'rm', 'github.com/Fixture/Caps@v1.0.0', 'example.com/absent');
  assert.equal(run.code, 1);
  assert.equal(run.stdout, 'github.com/Fixture/Caps@v1.0.0\n');
  assert.match(run.stderr, /^warning: example\.com\/absent is not in the copy\nrondo: removed 4 files, /m);
  for (const extension of ['info', 'mod', 'zip', 'ziphash']) {
    await assert.rejects(access(copy.pathOf(keyOf(modules[0], extension))), extension);
    await access(copy.pathOf(keyOf(modules[1], extension)));
  }
  await until('the server knows it', async () => (await fetch(urls[0] ?? '')).status === 404);
  assert.equal(await cacheState(urls[1] ?? ''), 'offline', 'what is held is served on');
  const list = await (await fetch(`${server.url}/github.com/!fixture/!caps/@v/list`)).text();
  assert.equal(list, 'v1.1.0\n');

  assert.equal((await copy.rondo('cache', 'rm', 'github.com/Fixture/Caps')).code, 0);
  assert.equal((await copy.rondo('cache', 'ls', '--json')).stdout.includes('Caps'), false);
  assert.equal((await copy.rondo('cache', 'rm', 'Caps')).code, 2);
});

test('rm removes nothing behind a link', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, []);
  const foreign = join(copy.home, 'foreign');
  const folder = dirname(copy.pathOf('example.com/m/@v/v1.0.0.zip'));
  await mkdir(foreign);
  await writeFile(join(foreign, 'v1.0.0.zip'), 'precious');
  await mkdir(dirname(folder), { recursive: true });
  await symlink(foreign, folder);
  const run = await copy.rondo('cache', 'rm', 'example.com/m');
  assert.equal(run.code, 2, run.stderr);
  assert.match(run.stderr, /example\.com\/m\/@v is, or lies behind, a link, which is not followed/);
  assert.deepEqual(await readdir(foreign), ['v1.0.0.zip']);
});

test('purge: the mirrors are asked again, and no file goes', async (context) => {
  const t = reverseCleanup(context);
  const module = await made('v1.0.0');
  const copy = await filledCopy(t, [module]);
  const server = await copy.serve();
  const questions = ['@v/list', '@latest', '@v/v1.info'].map(
    (question) => `${server.url}/github.com/!fixture/!caps/${question}`,
  );
  for (const mirror of copy.mirrors) {
    await mirror.publish({
      modules: [module],
      database: copy.database,
      queries: [{ path: module.path, query: 'v1', version: 'v1.0.0' }],
    });
  }
  const states = (): Promise<(string | null)[]> => Promise.all(questions.map(cacheState));
  assert.deepEqual(await states(), ['miss', 'miss', 'miss']);
  assert.deepEqual(await states(), ['hit', 'hit', 'hit']);

  const one = await copy.rondo('cache', 'purge', 'github.com/Fixture/Caps@v1');
  assert.equal(one.code, 0);
  assert.match(one.stderr, /^rondo: forgot 1 answer; no file was removed$/m);
  await until('the query is asked again', async () => (await cacheState(questions[2] ?? '')) === 'miss');
  assert.deepEqual((await states()).slice(0, 2), ['hit', 'hit']);
  const rest = await copy.rondo('cache', 'purge', 'github.com/Fixture/Caps', '--json');
  const page = JSON.parse(rest.stdout) as { purges: { answers: number }[] };
  assert.deepEqual([rest.code, page.purges[0]?.answers], [0, 3]);
  await until('the list is asked again', async () => (await cacheState(questions[0] ?? '')) === 'miss');
  assert.equal(await cacheState(`${server.url}/${keyOf(module, 'zip')}`), 'hit');
});
