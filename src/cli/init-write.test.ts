import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { checkTarget, writeConfigFile } from './init-write.ts';

const refusal = { code: 'E_CONFIG', message: /^there is already/, hint: /^rondo init --force/ };

test('a file that is there is refused, also one that came a moment ago', async (t) => {
  const folder = await tempFolder(t);
  const path = join(folder, '.goproxy');
  assert.equal(await checkTarget(path, false), false);
  await writeFile(path, 'old');
  await assert.rejects(checkTarget(path, false), refusal);
  await assert.rejects(checkTarget(path, false, true), { hint: /^rondo init --force --chain-only / });
  await assert.rejects(writeConfigFile(path, 'new', false), refusal);
  assert.deepEqual([await readFile(path, 'utf8'), await readdir(folder)], ['old', ['.goproxy']]);
});

test('with force nothing is lost, however often', async (t) => {
  const folder = await tempFolder(t);
  const path = join(folder, '.goproxy');
  assert.deepEqual(await writeConfigFile(path, 'one', false), {});
  assert.equal(await checkTarget(path, true), true);
  assert.deepEqual(await writeConfigFile(path, 'two', true), { kept: `${path}.bak` });
  assert.deepEqual(await writeConfigFile(path, 'three', true), { kept: `${path}.bak-2` });
  const contents = await Promise.all(
    ['.goproxy', '.goproxy.bak', '.goproxy.bak-2'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  assert.deepEqual(contents, ['three', 'one', 'two']);
  assert.equal((await readdir(folder)).length, 3, 'no leftovers');
});

test('what is no file, and a folder that is not there, are told before anything else', async (t) => {
  const folder = await tempFolder(t);
  await mkdir(join(folder, 'sub'));
  await assert.rejects(checkTarget(join(folder, 'sub'), true), { code: 'E_CONFIG', message: /is a folder$/ });
  await assert.rejects(checkTarget(join(folder, 'none', 'x'), false), { hint: /^mkdir -p / });
  const dangling = join(folder, 'link');
  await symlink(join(folder, 'nowhere'), dangling);
  await assert.rejects(checkTarget(dangling, false), refusal);
  await assert.rejects(writeConfigFile(join(folder, 'none', 'x'), '', false), {
    code: 'E_CONFIG',
    message: /^cannot write/,
  });
});
