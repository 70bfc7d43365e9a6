import assert from 'node:assert/strict';
import { mkdir, open, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { strongEtag } from './etag.ts';
import { evictFile } from './evict-file.ts';

async function etagOf(path: string): Promise<string> {
  const { size, mtimeNs } = await stat(path, { bigint: true });
  return strongEtag(Number(size), mtimeNs);
}

test('the file that is meant goes, with what says something of it, and who reads it reads on', async (t) => {
  const dir = await tempFolder(t);
  const [path, hash] = [join(dir, 'v1.0.0.zip'), join(dir, 'v1.0.0.ziphash')];
  await writeFile(path, 'content');
  await writeFile(hash, 'h1:');
  const reader = await open(path);
  t.after(() => reader.close());
  assert.equal(await evictFile(path, await etagOf(path), hash), 'evicted');
  assert.deepEqual(await readdir(dir), []);
  assert.equal(await reader.readFile('utf8'), 'content');
});

test('another file in its place stays, and its hash', async (t) => {
  const dir = await tempFolder(t);
  const [path, hash] = [join(dir, 'v1.0.0.zip'), join(dir, 'v1.0.0.ziphash')];
  await writeFile(path, 'old');
  const etag = await etagOf(path);
  await writeFile(path, 'written by go');
  await writeFile(hash, 'h1:');
  assert.equal(await evictFile(path, etag, hash), 'other');
  assert.equal(await readFile(path, 'utf8'), 'written by go');
  assert.deepEqual(await readdir(dir), ['v1.0.0.zip', 'v1.0.0.ziphash']);
});

test('what is gone, or no file, is absent', async (t) => {
  const dir = await tempFolder(t);
  assert.equal(await evictFile(join(dir, 'nothing'), '"1-1"'), 'absent');
  assert.equal(await evictFile(join(dir, 'nowhere', 'nothing'), '"1-1"'), 'absent');
  await mkdir(join(dir, 'folder'));
  assert.equal(await evictFile(join(dir, 'folder'), await etagOf(join(dir, 'folder'))), 'absent');
});

test('of two who evict the same file one does, and a file that is put meanwhile is never lost', async (t) => {
  const dir = await tempFolder(t);
  const path = join(dir, 'v1.0.0.zip');
  const next = join(dir, 'next');
  for (let round = 0; round < 50; round += 1) {
    await writeFile(path, 'old');
    const etag = await etagOf(path);
    await writeFile(next, `the next one, ${round}`);
    const before = await etagOf(next);
    const ends = await Promise.all([
      evictFile(path, etag),
      evictFile(path, etag),
      // Takes the place of the old one as a rename does, whether that is still there or not.
      rename(next, path),
    ]);
    const evicted = ends.filter((end) => end === 'evicted');
    assert.ok(evicted.length <= 1, JSON.stringify(ends));
    assert.equal(await etagOf(path), before);
    assert.equal(await readFile(path, 'utf8'), `the next one, ${round}`);
    assert.deepEqual(await readdir(dir), ['v1.0.0.zip']);
  }
});
