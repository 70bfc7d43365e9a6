import assert from 'node:assert/strict';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
