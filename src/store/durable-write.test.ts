import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { systemClock } from '../kit/clock.ts';
import { type WriteOptions, writeDurably } from './durable-write.ts';

const options: WriteOptions = { survives: 'power-loss', platform: process.platform, clock: systemClock };

test('bytes appear with their folders, and the result tells size and time of the file', async (t) => {
  const dir = await tempFolder(t);
  const target = join(dir, 'a', 'b', 'file');
  const written = await writeDurably(target, { bytes: Buffer.from('content') }, options);
  const stats = await stat(target, { bigint: true });
  assert.equal(await readFile(target, 'utf8'), 'content');
  assert.deepEqual(written, { sizeBytes: 7, mtimeNs: stats.mtimeNs });
  assert.deepEqual(await readdir(join(dir, 'a', 'b')), ['file'], 'no temporary file stays');
});

test('a file is readable by everybody, as the umask allows', async (t) => {
  const dir = await tempFolder(t);
  const umask = process.umask(0o022);
  t.after(() => process.umask(umask));
  const spool = join(dir, 'spool');
  await writeDurably(join(dir, 'bytes'), { bytes: Buffer.from('x') }, options);
  await writeFile(spool, 'x', { mode: 0o644 });
  await writeDurably(join(dir, 'moved'), { spoolPath: spool }, options);
  for (const name of ['bytes', 'moved']) {
    assert.equal((await stat(join(dir, name))).mode & 0o444, 0o444, name);
  }
});

test('a spool file is moved, not copied', async (t) => {
  const dir = await tempFolder(t);
  const spool = join(dir, 'spool');
  await writeFile(spool, randomBytes(1000));
  const { ino } = await stat(spool);
  await writeDurably(join(dir, 'new', 'file'), { spoolPath: spool }, options);
  assert.equal((await stat(join(dir, 'new', 'file'))).ino, ino);
  assert.deepEqual(await readdir(dir), ['new']);
});

test('a spool on another file system is copied into the folder first', async (t) => {
  const dir = await tempFolder(t);
  const spool = join(dir, 'spool');
  const bytes = randomBytes(300_000);
  await writeFile(spool, bytes);
  const renamed: string[] = [];
  const crossing = async (from: string, to: string): Promise<void> => {
    renamed.push(from);
    if (from === spool) throw Object.assign(new Error('EXDEV'), { code: 'EXDEV' });
    await rename(from, to);
  };
  await writeDurably(join(dir, 'new', 'file'), { spoolPath: spool }, { ...options, rename: crossing });
  assert.ok((await readFile(join(dir, 'new', 'file'))).equals(bytes));
  assert.ok((await readFile(spool)).equals(bytes), 'its owner discards it');
  assert.equal(renamed.length, 2);
  assert.ok(renamed[1]?.startsWith(join(dir, 'new', '.rondo-')));
  assert.deepEqual(await readdir(join(dir, 'new')), ['file']);
});

test('the content survives before it has its name, and the name before the promise resolves', async (t) => {
  const dir = await tempFolder(t);
  const target = join(dir, 'new', 'file');
  const spool = join(dir, 'spool');
  for (const survives of ['power-loss', 'crash'] as const) {
    for (const source of [{ bytes: Buffer.from('content') }, { spoolPath: spool }]) {
      const done: string[] = [];
      await writeFile(spool, 'content');
      await writeDurably(target, source, {
        ...options,
        survives,
        syncFile: async (handle) => {
          const { size } = await handle.stat();
          await handle.sync();
          done.push(`content of ${size} bytes`);
        },
        rename: async (from, to) => {
          await rename(from, to);
          done.push('name');
        },
        sync: async (folder) => {
          if (folder === join(dir, 'new')) done.push(`folder with ${(await readdir(folder)).join()}`);
        },
      });
      const expected = survives === 'crash' ? ['name'] : ['content of 7 bytes', 'name', 'folder with file'];
      assert.deepEqual(done, expected, `${survives}, ${Object.keys(source).join()}`);
    }
  }
});

test('a write that fails leaves the old file, no temporary one, and the spool where it was', async (t) => {
  const dir = await tempFolder(t);
  const target = join(dir, 'file');
  const spool = join(dir, 'spool');
  await writeFile(target, 'old');
  await writeFile(spool, 'new');
  const failing = (): Promise<void> => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }));
  await assert.rejects(writeDurably(target, { bytes: Buffer.from('new') }, { ...options, rename: failing }), {
    code: 'EIO',
  });
  await assert.rejects(writeDurably(target, { spoolPath: spool }, { ...options, rename: failing }), {
    code: 'EIO',
  });
  assert.equal(await readFile(target, 'utf8'), 'old');
  assert.deepEqual((await readdir(dir)).toSorted(), ['file', 'spool']);
});

test('a folder in the place of the file is an error, not a mixture', async (t) => {
  const dir = await tempFolder(t);
  await mkdir(join(dir, 'target', 'inside'), { recursive: true });
  await assert.rejects(writeDurably(join(dir, 'target'), { bytes: Buffer.from('x') }, options));
  assert.deepEqual(await readdir(dir), ['target']);
});
