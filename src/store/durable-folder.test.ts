import assert from 'node:assert/strict';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { systemClock } from '../kit/clock.ts';
import { createDiskFiles } from './disk-files.ts';
import { flushFolder } from './durable-folder.ts';
import { type WriteOptions, writeDurably } from './durable-write.ts';
import { makeFolder } from './make-folder.ts';

const bytes = Buffer.from('content');

/** `folder` and what is above it, up to the root. */
function chain(folder: string): string[] {
  return dirname(folder) === folder ? [folder] : [folder, ...chain(dirname(folder))];
}

function recorder(platform: NodeJS.Platform = 'linux'): { options: WriteOptions; synced: string[] } {
  const synced: string[] = [];
  const sync = async (folder: string): Promise<void> => void synced.push(folder);
  return { options: { survives: 'power-loss', platform, clock: systemClock, sync }, synced };
}

test('a first file is durable with the names of all its folders, a second one needs only its own', async (t) => {
  const { options, synced } = recorder();
  const folder = join(await tempFolder(t), 'example.com', 'm', '@v');
  await writeDurably(join(folder, 'a'), { bytes }, options);
  assert.deepEqual(synced.splice(0), chain(folder));
  await writeDurably(join(folder, 'b'), { bytes }, options);
  assert.deepEqual(synced.splice(0), [folder]);
  const sibling = join(dirname(folder), 'x');
  await writeDurably(join(sibling, 'a'), { bytes }, options);
  assert.deepEqual(synced, [sibling, dirname(folder)], 'those above are durable');
});

test('a folder that somebody removed and that is made again counts as new', async (t) => {
  const { options, synced } = recorder();
  const folder = join(await tempFolder(t), 'm', '@v');
  await writeDurably(join(folder, 'a'), { bytes }, options);
  await rm(dirname(folder), { recursive: true });
  synced.length = 0;
  await writeDurably(join(folder, 'a'), { bytes }, options);
  assert.deepEqual(synced, chain(folder).slice(0, 3));
});

test('nothing is flushed for what need not survive, nor on Windows', async (t) => {
  const dir = await tempFolder(t);
  const { options, synced } = recorder();
  await writeDurably(join(dir, 'a'), { bytes }, { ...options, survives: 'crash' });
  const windows = recorder('win32');
  await writeDurably(join(dir, 'b'), { bytes }, windows.options);
  assert.deepEqual([synced, windows.synced], [[], []]);
});

test('who comes second waits for the flush that is under way', async (t) => {
  const parent = await tempFolder(t);
  const folder = join(parent, 'm');
  await makeFolder(folder);
  const gate = Promise.withResolvers<void>();
  const slow = (each: string): Promise<void> => (each === parent ? gate.promise : Promise.resolve());
  const ended: string[] = [];
  const both = ['first', 'second'].map((name) => flushFolder(folder, slow).then(() => ended.push(name)));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(ended, []);
  gate.resolve();
  await Promise.all(both);
});

test('a flush that failed is no durable name; a folder that we may not read is not ours', async (t) => {
  const parent = await tempFolder(t);
  const folder = join(parent, 'm');
  const failing = (code: string) => async (each: string) => {
    if (each === parent) throw Object.assign(new Error(code), { code });
  };
  await assert.rejects(flushFolder(folder, failing('EIO')), { code: 'EIO' });
  await assert.rejects(flushFolder(folder, failing('EIO')), { code: 'EIO' });
  await flushFolder(folder, failing('EACCES'));
});

test('a file system that has no flush for folders takes files all the same', async (t) => {
  const { options } = recorder();
  for (const code of ['EINVAL', 'ENOTSUP', 'ENOSYS']) {
    const target = join(await tempFolder(t), 'm', '@v', 'file');
    const sync = (): Promise<void> => Promise.reject(Object.assign(new Error(code), { code }));
    assert.equal((await writeDurably(target, { bytes }, { ...options, sync })).sizeBytes, bytes.length);
  }
});

test('where the flush of the folder failed the file is there, whole, and no older one is remembered', async (t) => {
  const root = await tempFolder(t);
  let code: string | undefined;
  const files = createDiskFiles({
    root,
    memoryBytes: 10_000,
    smallFileBytes: 1000,
    clock: systemClock,
    platform: 'linux',
    sync: async () => {
      if (code !== undefined) throw Object.assign(new Error(code), { code });
    },
  });
  await files.put('m/file', { bytes: Buffer.from('older') });
  const spoolPath = join(root, 'spool');
  await writeFile(spoolPath, bytes);
  code = 'EIO';
  await assert.rejects(files.put('m/file', { spoolPath }), { code });
  assert.deepEqual((await readdir(root)).toSorted(), ['m']);
  assert.deepEqual(await readdir(join(root, 'm')), ['file']);
  assert.ok((await files.get('m/file'))?.bytes?.equals(bytes));
});
