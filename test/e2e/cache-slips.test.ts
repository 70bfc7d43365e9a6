import assert from 'node:assert/strict';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { filledCopy } from '../support/filled-copy.ts';
import { manyModules } from '../support/fixture-modules.ts';
import '../support/loopback-only.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { goSum } from './bench.ts';

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

test('a folder of the copy that is not there, or is another, is an error, and nothing is made', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, []);
  const [module] = await manyModules(1);
  assert.ok(module !== undefined);
  await writeFile(join(copy.home, 'go.sum'), goSum([module]));
  await mkdir(join(copy.home, 'other'));
  await writeFile(join(copy.home, 'other', 'letter.txt'), '');
  const commands = [
    ['verify'],
    ['cache', 'verify'],
    ['cache', 'verify', '--repair'],
    ['cache', 'ls'],
    ['cache', 'gc'],
    ['cache', 'seal'],
    ['cache', 'export', 'out'],
    ['cache', 'rm', 'example.com/m'],
    ['cache', 'purge', 'example.com/m'],
  ];
  for (const command of commands) {
    for (const dir of ['slip', 'other', 'go.sum']) {
      const run = await copy.rondo(...command, '--cache-dir', dir);
      const path = join(copy.home, dir);
      assert.deepEqual([run.code, run.stdout], [2, ''], command.join(' '));
      assert.match(run.stderr, /^error: there is no copy at .* \(E_CACHE_DIR\)\nhint: .*rondo cache import/);
      assert.ok(run.stderr.includes(path), run.stderr);
    }
  }
  assert.equal(await isThere(join(copy.home, 'slip')), false);
  assert.equal(await isThere(join(copy.home, 'out')), false);
  assert.deepEqual(await readdir(join(copy.home, 'other')), ['letter.txt']);
  const empty = await copy.rondo('cache', 'ls', '--cache-dir', await tempFolder(t, 'empty'));
  assert.equal(empty.code, 0, 'an empty folder was made for a copy');
});

test('gc: 5 is no size; 0 is, since it can mean nothing else', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, await manyModules(1));
  for (const size of ['5', '5B', '1000000000', '2000TiB', '5GiBs']) {
    const run = await copy.rondo('cache', 'gc', '--max-size', size);
    assert.equal(run.code, 2, size);
    assert.match(
      run.stderr,
      /It is 0, or a size from 1MiB to 1024TiB with its unit, like 10GiB \(E_USAGE\)\nhint: rondo cache gc --help\n$/,
    );
  }
  assert.equal((await copy.rondo('cache', 'gc', '--min-free', '5')).code, 2);
  const kept = await copy.rondo('cache', 'gc', '--max-size', '5 mib', '--min-free', '0', '--json');
  assert.deepEqual([kept.code, (JSON.parse(kept.stdout) as { files: number }).files], [0, 0], kept.stderr);
  const all = await copy.rondo('cache', 'gc', '--max-size', '0', '--min-free', '0', '--json');
  // What was asked for a moment ago stays.
  assert.match((JSON.parse(all.stdout) as { why: string }).why, /^(?:enough|nothing-left)$/);
});

test('export names what the copy has not of what was named, and tells to use only what was written', async (context) => {
  const t = reverseCleanup(context);
  const [module] = await manyModules(1);
  assert.ok(module !== undefined);
  const copy = await filledCopy(t, [module]);
  const cacheDir = ['--cache-dir', copy.cacheDir];
  for (const word of ['example.com/none', 'example.com/n']) {
    const run = await copy.rondo('cache', 'export', 'none', word, ...cacheDir);
    assert.deepEqual(
      [run.code, run.stdout],
      [1, `MISSING  ${word}: the copy has no version of such a module\n`],
      run.stderr,
    );
    assert.ok(run.stderr.endsWith(`rondo: to see what the copy has: rondo cache ls ${cacheDir.join(' ')}\n`));
    assert.doesNotMatch(run.stderr, /to use it/);
  }
  const both = await copy.rondo('cache', 'export', 'both', module.path, 'example.com/none', '--json');
  assert.equal(both.code, 1);
  assert.deepEqual((JSON.parse(both.stdout) as { absent: string[] }).absent, ['example.com/none']);
  assert.match(both.stderr, /to use it: GOPROXY=file:/);
  const bare = await tempFolder(t, 'bare');
  const nothing = await copy.rondo('cache', 'export', 'nothing', '--cache-dir', bare);
  assert.deepEqual([nothing.code, nothing.stderr], [1, 'rondo: exported 0 files, 0 B\n']);
});

test('export: a version where the folder belongs, and a folder that cannot be written', async (context) => {
  const t = reverseCleanup(context);
  const [module] = await manyModules(1);
  assert.ok(module !== undefined);
  const copy = await filledCopy(t, [module]);
  const word = `${module.path}@${module.version}`;
  const forgotten = await copy.rondo('cache', 'export', word);
  assert.deepEqual(
    [forgotten.code, forgotten.stderr],
    [
      2,
      `error: ${word} is a version, where the folder belongs (E_USAGE)\n` +
        `hint: rondo cache export FOLDER ${word}; if that is the folder: ./${word}\n`,
    ],
  );
  assert.equal(await isThere(join(copy.home, 'example.com')), false);
  assert.equal((await copy.rondo('cache', 'export', `./${word}`)).code, 0);
  const url = pathToFileURL(join(copy.home, 'by-url')).href;
  assert.equal((await copy.rondo('cache', 'export', url)).code, 0);
  assert.ok(await isThere(join(copy.home, 'by-url', module.path)));

  await writeFile(join(copy.home, 'file'), '');
  const targets = ['file', 'file/below', ...(process.platform === 'linux' ? ['/proc/rondo'] : [])];
  for (const target of targets) {
    const run = await copy.rondo('cache', 'export', target);
    assert.equal(run.code, 2, target);
    assert.match(run.stderr, /^error: cannot .* \(E_STORE\)\nhint: name another folder\n$/m);
  }
});
