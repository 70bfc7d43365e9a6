import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { tempFolder, type Cleanup } from '../../test/support/temp-folder.ts';
import { systemClock } from '../kit/clock.ts';
import { etagOf } from './evict-file.ts';
import { moveAside, type AsideFolders } from './set-aside.ts';

const KEY = 'example.com/m/@v/v1.0.0.mod';

type World = AsideFolders & { readonly path: string };

/** A copy with one file. */
async function world(t: Cleanup): Promise<World> {
  const dir = await tempFolder(t);
  const [root, quarantine] = [join(dir, 'root'), join(dir, 'quarantine')];
  const path = join(root, KEY);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'wrong');
  return { root, quarantine, path, clock: systemClock, platform: process.platform };
}

const etagNow = async (path: string): Promise<string> => (await etagOf(path)) ?? assert.fail('it is gone');

test('where the quarantine cannot be looked into nothing is moved, and that is an error', async (t) => {
  const folders = await world(t);
  const { path, quarantine } = folders;
  // A link to itself fails for everybody, as a folder of another user does for all but root.
  await symlink(quarantine, quarantine);
  await assert.rejects(moveAside(KEY, await etagNow(path), folders), { code: 'ELOOP' });
  assert.equal(await readFile(path, 'utf8'), 'wrong');
});

test('a name that a dangling link has is taken', async (t) => {
  const folders = await world(t);
  const target = join(folders.quarantine, KEY);
  await mkdir(dirname(target), { recursive: true });
  await symlink('nowhere', target);
  assert.equal(await moveAside(KEY, await etagNow(folders.path), folders), `${target}.2`);
  assert.deepEqual(await readdir(dirname(target)), ['v1.0.0.mod', 'v1.0.0.mod.2']);
});

test('a file that has taken the place of the wrong one stays, whenever it comes', async (t) => {
  const folders = await world(t);
  const { path, quarantine } = folders;
  const next = `${path}.next`;
  const wrong = await etagNow(path);
  await writeFile(next, 'the right one');
  await rename(next, path);
  assert.equal(await moveAside(KEY, wrong, folders), undefined);
  for (let round = 0; round < 50; round += 1) {
    await writeFile(path, 'wrong');
    const etag = await etagNow(path);
    await writeFile(next, `the right one, ${round}`);
    const [moved] = await Promise.all([
      moveAside(KEY, etag, folders),
      after(round, () => rename(next, path)),
    ]);
    assert.equal(await readFile(path, 'utf8'), `the right one, ${round}`);
    if (moved !== undefined) assert.equal(await readFile(moved, 'utf8'), 'wrong');
  }
  await mkdir(quarantine, { recursive: true });
  for (const name of await filesBelow(quarantine)) {
    assert.equal(await readFile(name, 'utf8'), 'wrong');
  }
});

/** Sooner or later than each step of what runs beside it. */
async function after(turns: number, task: () => Promise<void>): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await setImmediate();
  await task();
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
