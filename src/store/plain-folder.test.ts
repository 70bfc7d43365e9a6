import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, realpath, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { systemClock } from '../kit/clock.ts';
import { findDownloadFolder, futurePath, makePlainFolder, openPlainFolder } from './plain-folder.ts';

const MOD = 'example.com/m/@v/v1.0.0.mod';
const ZIP = 'example.com/m/@v/v1.0.0.zip';

test('a GOMODCACHE is recognised by its download cache, everything else is taken as it is', async (t) => {
  const dir = await tempFolder(t);
  assert.equal(await findDownloadFolder(dir), dir);
  await mkdir(join(dir, 'cache', 'download'), { recursive: true });
  assert.equal(await findDownloadFolder(dir), join(dir, 'cache', 'download'));
  await writeFile(join(dir, 'file'), '');
  assert.equal(await findDownloadFolder(join(dir, 'file')), undefined);
  assert.equal(await findDownloadFolder(join(dir, 'absent')), undefined);
});

test('what is put is there, and with its pair in the list, once it is closed', async (t) => {
  const root = join(await tempFolder(t), 'new', 'folder');
  const folder = await makePlainFolder(root, systemClock, process.platform);
  await folder.put(MOD, { bytes: Buffer.from('module example.com/m\n') });
  await folder.put(ZIP, { bytes: Buffer.from('zip') });
  await folder.close();
  assert.equal(await readFile(join(root, 'example.com/m/@v/list'), 'utf8'), 'v1.0.0\n');
  assert.deepEqual((await Array.fromAsync(folder.keys(''))).toSorted(), [MOD, ZIP]);
  assert.equal((await folder.get(MOD))?.bytes?.toString(), 'module example.com/m\n');
  assert.equal(await folder.get('example.com/m/@v/v2.0.0.mod'), undefined);
});

test('lists stay as they were until it is closed, and what was there before is in them then', async (t) => {
  const root = await tempFolder(t);
  const list = join(root, 'example.com/m/@v/list');
  const ended = await makePlainFolder(root, systemClock, process.platform);
  for (const key of [MOD, ZIP]) await ended.put(key, { bytes: Buffer.from('x') });
  const again = await makePlainFolder(root, systemClock, process.platform);
  await again.put('example.com/other/@v/v1.0.0.mod', { bytes: Buffer.from('x') });
  // Whatever would be written behind a put has been written by now.
  await again.close();
  await assert.rejects(readFile(list), { code: 'ENOENT' });
  again.listed(MOD);
  again.listed('example.com/m/@v/v1.0.0.info');
  await again.close();
  assert.equal(await readFile(list, 'utf8'), 'v1.0.0\n');
});

test('its path is the real one, so that the copy is found out under another name', async (t) => {
  const dir = await tempFolder(t);
  await mkdir(join(dir, 'real'));
  await symlink(join(dir, 'real'), join(dir, 'link'));
  const folder = await openPlainFolder(join(dir, 'link'), systemClock, process.platform);
  assert.match(folder.path, /real$/);
  await assert.rejects(openPlainFolder(join(dir, 'none'), systemClock, process.platform), {
    code: 'E_STORE',
  });
});

test('where a folder will be is known before it is made', async (t) => {
  const dir = await realpath(await tempFolder(t));
  await mkdir(join(dir, 'real'));
  await symlink(join(dir, 'real'), join(dir, 'link'));
  await writeFile(join(dir, 'file'), '');
  assert.equal(await futurePath(join(dir, 'link')), join(dir, 'real'));
  assert.equal(await futurePath(join(dir, 'link', 'a', '..', 'b', 'c')), join(dir, 'real', 'b', 'c'));
  assert.deepEqual(await readdir(join(dir, 'real')), []);
  await assert.rejects(futurePath(join(dir, 'file', 'a')), { code: 'E_STORE' });
});

test('the newest tree is that of the folder, or the one that go keeps beside its GOMODCACHE', async (t) => {
  const gopath = await tempFolder(t);
  const download = join(gopath, 'pkg', 'mod', 'cache', 'download');
  const db = 'sum.example.org/path';
  await mkdir(download, { recursive: true });
  const folder = await openPlainFolder(download, systemClock, process.platform);
  assert.equal(await folder.latestTree(db), undefined);
  await mkdir(join(gopath, 'pkg', 'sumdb', db), { recursive: true });
  await writeFile(join(gopath, 'pkg', 'sumdb', db, 'latest'), '');
  assert.equal(await folder.latestTree(db), undefined, 'go makes it before it writes it');
  await writeFile(join(gopath, 'pkg', 'sumdb', db, 'latest'), 'beside');
  assert.equal(String(await folder.latestTree(db)), 'beside');
  await folder.put(`sumdb/${db}/latest`, { bytes: Buffer.from('inside') });
  assert.equal(String(await folder.latestTree(db)), 'inside');
});

test('nothing is listed, written or replaced behind a link in it', async (t) => {
  const dir = await tempFolder(t);
  const documents = join(dir, 'documents');
  await mkdir(join(dir, 'stick', 'example.com', 'm'), { recursive: true });
  await mkdir(documents);
  await writeFile(join(documents, 'list'), 'my shopping list\n');
  await symlink(documents, join(dir, 'stick', 'example.com', 'm', '@v'));
  await symlink(documents, join(dir, 'stick', 'sumdb'));
  const folder = await makePlainFolder(join(dir, 'stick'), systemClock, process.platform);
  const isLink = { code: 'E_STORE', message: /link, which is not followed/ };
  for (const key of [MOD, ZIP, 'sumdb/sum.example.org/latest']) {
    await assert.rejects(folder.put(key, { bytes: Buffer.from('ours') }), isLink);
  }
  await assert.rejects(folder.names('example.com/m/@v'), isLink);
  await assert.rejects(Array.fromAsync(folder.keys('sumdb/sum.example.org/lookup')), isLink);
  assert.deepEqual(await Array.fromAsync(folder.keys('')), []);
  await folder.close();
  assert.deepEqual(await readdir(documents), ['list']);
  assert.equal(await readFile(join(documents, 'list'), 'utf8'), 'my shopping list\n');
});

test('leftovers of an ended Rondo go when it is written again, and nothing else', async (t) => {
  const root = await tempFolder(t);
  const names = ['.rondo-999999999-0123456789ab-1', '.rondo-notes'];
  const old = new Date(Date.now() - 48 * 3_600_000);
  for (const name of names) {
    await writeFile(join(root, name), '');
    await utimes(join(root, name), old, old);
  }
  await makePlainFolder(root, systemClock, process.platform);
  assert.deepEqual(await readdir(root), ['.rondo-notes']);
});
