import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { systemClock } from '../kit/clock.ts';
import { completesPair, createVersionLists, type VersionLists } from './version-list-file.ts';

type Fixture = {
  root: string;
  folder: string;
  lists: VersionLists;
  errors: unknown[];
  touch(...names: string[]): Promise<void>;
};

async function fixture(t: TestContext): Promise<Fixture> {
  const root = await tempFolder(t);
  const folder = join(root, 'example.com', '@v');
  await mkdir(folder, { recursive: true });
  const errors: unknown[] = [];
  const lists = createVersionLists(root, systemClock, process.platform, (error) => errors.push(error));
  const touch = async (...names: string[]): Promise<void> => {
    for (const name of names) await writeFile(join(folder, name), '');
  };
  return { root, folder, lists, errors, touch };
}

test('the list has the canonical versions with both files, in the order of semver', async (t) => {
  const { folder, lists, touch } = await fixture(t);
  await touch(
    'v1.10.0.mod',
    'v1.10.0.zip',
    'v1.9.0.mod',
    'v1.9.0.zip',
    'v1.9.0.ziphash',
    'v1.2.0.mod',
    'v1.3.0.zip',
  );
  await touch('v1.0.0-!r!c1.mod', 'v1.0.0-!r!c1.zip', 'v2.0.0+incompatible.mod', 'v2.0.0+incompatible.zip');
  await touch('v1.0.mod', 'v1.0.zip', 'master.mod', 'master.zip', 'V3.0.0.mod', 'V3.0.0.zip', '.mod', '.zip');
  await writeFile(join(folder, 'list'), 'v9.9.9\n');
  lists.changed('example.com/@v/v1.9.0.zip');
  await lists.settled();
  assert.equal(
    await readFile(join(folder, 'list'), 'utf8'),
    'v1.0.0-RC1\nv1.9.0\nv1.10.0\nv2.0.0+incompatible\n',
  );
});

test('other files cause nothing, and no list is made where there is nothing to list', async (t) => {
  const { folder, lists, touch } = await fixture(t);
  await touch('v1.0.0.mod');
  lists.changed('example.com/@v/v1.0.0.info');
  lists.changed('sumdb/sum.example.com/lookup/example.com@v1.0.0.zip');
  lists.changed('example.com/@v/v1.0.0.mod');
  await lists.settled();
  assert.deepEqual(await readdir(folder), ['v1.0.0.mod']);
});

test('several writers at once end with the full list', async (t) => {
  const { root, folder, errors } = await fixture(t);
  const versions = Array.from({ length: 30 }, (_, index) => `v1.0.${index}`);
  const writers = Array.from({ length: 3 }, () =>
    createVersionLists(root, systemClock, process.platform, (error) => errors.push(error)),
  );
  // Each writer stands for a process: it knows nothing of the others.
  await Promise.all(
    writers.map(async (lists, index) => {
      for (const version of versions.filter((_, each) => each % 3 === index)) {
        await writeFile(join(folder, `${version}.mod`), '');
        await writeFile(join(folder, `${version}.zip`), '');
        lists.changed(`example.com/@v/${version}.zip`);
      }
      await lists.settled();
    }),
  );
  assert.deepEqual(errors, []);
  assert.deepEqual((await readFile(join(folder, 'list'), 'utf8')).trim().split('\n'), versions);
});

test('a removal empties the list', async (t) => {
  const { folder, lists, touch } = await fixture(t);
  await touch('v1.0.0.mod', 'v1.0.0.zip');
  lists.changed('example.com/@v/v1.0.0.zip');
  await lists.settled();
  await rm(join(folder, 'v1.0.0.zip'));
  lists.changed('example.com/@v/v1.0.0.zip');
  await lists.settled();
  assert.equal(await readFile(join(folder, 'list'), 'utf8'), '');
});

test('a list that cannot be mended is told once, and no more are tried', async (t) => {
  const { root, folder, lists, errors, touch } = await fixture(t);
  await touch('v1.0.0.mod', 'v1.0.0.zip');
  const other = join(root, 'example.org', '@v');
  // What cannot be replaced by a file, whoever asks.
  for (const each of [folder, other]) await mkdir(join(each, 'list', 'x'), { recursive: true });
  await lists.mend(root);
  for (const each of [folder, other]) await lists.mend(each);
  assert.equal(errors.length, 1);
});

test('a pair is complete with its second file', async (t) => {
  const { root, touch } = await fixture(t);
  await touch('v1.0.0.mod');
  assert.equal(await completesPair(root, 'example.com/@v/v1.0.0.mod', 'linux'), false);
  assert.equal(await completesPair(root, 'example.com/@v/v1.0.0.zip', 'linux'), true);
  assert.equal(await completesPair(root, 'example.com/@v/v1.0.0.info', 'linux'), false);
});
