import assert from 'node:assert/strict';
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { filledCopy, keyOf, type FilledCopy } from '../support/filled-copy.ts';
import { bigModule, type FixtureModule } from '../support/fixture-modules.ts';
import '../support/loopback-only.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { copyFiles, filesBelow } from './bench.ts';

const MIB = 2 ** 20;
const NAMES = ['d', 'b', 'c', 'a'];

/** Modules of one MiB each, of which the first was asked for longest ago. */
async function agedCopy(
  t: Parameters<typeof filledCopy>[0],
): Promise<{ copy: FilledCopy; modules: FixtureModule[] }> {
  const modules = await Promise.all(NAMES.map((name) => bigModule(`example.com/${name}`, 'v1.0.0', 1)));
  const copy = await filledCopy(t, modules);
  await age(copy);
  return { copy, modules };
}

async function age({ cacheDir, modules }: FilledCopy): Promise<void> {
  const folder = join(cacheDir, 'rondo');
  for (const suffix of ['', '-wal', '-shm']) await rm(join(folder, `index.sqlite${suffix}`), { force: true });
  // The index is made anew from what was written down of the files.
  for (const [index, module] of modules.entries()) {
    for (const extension of ['info', 'mod', 'zip']) {
      const path = join(folder, 'records', 'files', `${keyOf(module, extension)}.json`);
      const record = JSON.parse(await readFile(path, 'utf8')) as { at: number };
      record.at = Date.now() - (10 - index) * 3_600_000;
      await writeFile(path, JSON.stringify(record));
    }
  }
}

const zipsOf = async (copy: FilledCopy): Promise<string[]> =>
  (await copyFiles(copy.cacheDir)).filter((name) => name.endsWith('.zip')).toSorted();

test('what nobody has asked for longest goes first, and stays where it is pinned; --dry-run says so before', async (context) => {
  const t = reverseCleanup(context);
  const { copy, modules } = await agedCopy(t);
  const [oldest, pinned, third] = modules as [FixtureModule, FixtureModule, FixtureModule];
  const order = await copy.rondo('cache', 'ls', '--sort', 'last', '--json');
  const { versions } = JSON.parse(order.stdout) as { versions: { module: string; requestedAt: number }[] };
  assert.deepEqual(
    versions.map(({ module }) => module),
    modules.map(({ path }) => path),
  );
  assert.match((await copy.rondo('cache', 'ls')).stdout, /ASKED FOR.*\nexample\.com\/a .* 7 h ago /);

  const args = [
    'cache',
    'gc',
    '--max-size',
    '2500KiB',
    '--min-free',
    '0',
    '--set',
    `cache.pin=${pinned.path}`,
  ];
  const dry = await copy.rondo(...args, '--dry-run');
  assert.equal(dry.code, 0, dry.stderr);
  const going = [oldest, third].flatMap((module) =>
    ['info', 'mod', 'zip'].map((kind) => keyOf(module, kind)),
  );
  const said = dry.stdout.split('\n').filter(Boolean);
  assert.ok(
    said.every((key) => going.includes(key)),
    dry.stdout,
  );
  assert.ok([oldest, third].every((module) => said.includes(keyOf(module, 'zip'))));
  assert.equal((await zipsOf(copy)).length, 4, 'nothing went');

  const run = await copy.rondo(...args, '--json');
  assert.equal(run.code, 0, run.stderr);
  const page = JSON.parse(run.stdout) as { files: number; why: string; totals: { own: { bytes: number } } };
  assert.deepEqual([page.why, page.files], ['enough', said.length]);
  assert.ok(page.totals.own.bytes <= 2.5 * MIB);
  assert.match(run.stderr, /^rondo: gave up \d+ files, 2 MiB; the copy has \d+ of Rondo's own, 2 MiB.*\n$/m);
  assert.deepEqual(
    await zipsOf(copy),
    ['example.com/a', 'example.com/b'].map((path) => keyOf({ path, version: 'v1.0.0' }, 'zip')),
  );
  const records = await filesBelow(join(copy.cacheDir, 'rondo', 'records', 'files'));
  assert.ok(!records.includes(`${keyOf(oldest, 'zip')}.json`), 'with what was written down of it');
});

test('what Rondo did not write never goes, and that it is too large all the same is a finding', async (context) => {
  const t = reverseCleanup(context);
  const { copy } = await agedCopy(t);
  const foreign = await bigModule('example.com/foreign', 'v1.0.0', 2);
  const path = copy.pathOf(keyOf(foreign, 'zip'));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, foreign.zip);
  const run = await copy.rondo(
    'cache',
    'gc',
    '--max-size',
    '0',
    '--min-free',
    '0',
    '--set',
    'cache.pin=example.com/a',
  );
  assert.equal(run.code, 1, run.stderr);
  assert.match(run.stderr, /warning: the copy is larger than it is to be: nothing more may go: it is pinned/);
  assert.deepEqual(await zipsOf(copy), [
    keyOf({ path: 'example.com/a', version: 'v1.0.0' }, 'zip'),
    keyOf(foreign, 'zip'),
  ]);
});

test('what an import finds no room for is named', async (context) => {
  const t = reverseCleanup(context);
  const { copy, modules } = await agedCopy(t);
  const folder = join(await tempFolder(t, 'export'), 'proxy');
  assert.equal((await copy.rondo('cache', 'export', folder)).code, 0);
  assert.equal((await copy.rondo('cache', 'rm', ...modules.map(({ path }) => path))).code, 0);
  const run = await copy.rondo(
    'cache',
    'import',
    folder,
    '--set',
    'cache.max_size=1MiB',
    '--set',
    'cache.min_free=0B',
  );
  assert.equal(run.code, 1, run.stderr);
  assert.match(
    run.stdout,
    /^FAILED {2}example\.com\/.@v1\.0\.0 \.zip: .*larger than all of the copy may be \(1 MiB\)/m,
  );
});

test("a copy that was restored with other times is Rondo's to give up again once it has been served", async (context) => {
  const t = reverseCleanup(context);
  const { copy, modules } = await agedCopy(t);
  const keys = modules.flatMap((module) => ['info', 'mod', 'zip'].map((kind) => keyOf(module, kind)));
  // As tar does by default: whole seconds.
  for (const key of keys) {
    const seconds = Math.floor((await stat(copy.pathOf(key))).mtimeMs / 1000);
    await utimes(copy.pathOf(key), seconds, seconds);
  }
  const gc = ['cache', 'gc', '--max-size', '0', '--min-free', '0', '--json'];
  const gaveUp = async (): Promise<number> =>
    (JSON.parse((await copy.rondo(...gc)).stdout) as { files: number }).files;
  assert.equal(await gaveUp(), 0, 'nobody knows yet whose they are');
  const server = await copy.serve({ offline: true });
  for (const key of keys) assert.equal((await fetch(`${server.url}/${key}`)).status, 200, key);
  assert.equal(await server.stop(), 0);
  await age(copy);
  assert.equal(await gaveUp(), keys.length);
});
