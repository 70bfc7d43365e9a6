import { render } from '../words/render.ts';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { removeTree, tempFolder } from '../../test/support/temp-folder.ts';
import type { RondoEvent } from '../events/events.ts';
import { systemClock, type Clock } from '../kit/clock.ts';
import { type DiskStore, diskStoreFolders, openDiskStore } from './disk-store.ts';

const MOD = 'example.com/m/@v/v1.0.0.mod';
const ZIP = 'example.com/m/@v/v1.0.0.zip';

type Fixture = { dir: string; store: DiskStore; notices: string[]; pathOf(key: string): string };

async function fixture(
  t: TestContext,
  settings: { memoryBytes?: number; clock?: Clock } = {},
): Promise<Fixture> {
  const dir = await mkdtemp(join(tmpdir(), 'rondo-disk-'));
  const notices: string[] = [];
  const emit = (event: RondoEvent): void => {
    if (event.type === 'notice') notices.push(`${event.level}: ${event.message}`);
  };
  const store = await openDiskStore({ dir, memoryBytes: 1024 * 1024, clock: systemClock, emit, ...settings });
  t.after(async () => {
    await store.close();
    await removeTree(dir);
  });
  return { dir, store, notices, pathOf: (key) => join(diskStoreFolders(dir).download, key) };
}

async function contentOf(store: DiskStore, key: string): Promise<Buffer | undefined> {
  const file = await store.get(key);
  return file === undefined ? undefined : buffer(file.open());
}

test('files lie where go has them, readable as they are', async (t) => {
  const { store, pathOf } = await fixture(t);
  const key = 'github.com/!burnt!sushi/toml/@v/v1.0.0.mod';
  await store.put(key, { bytes: Buffer.from('module github.com/BurntSushi/toml\n') });
  assert.equal(await readFile(pathOf(key), 'utf8'), 'module github.com/BurntSushi/toml\n');
});

test('a warm small file and a warm record are answered without the disk', async (t) => {
  const { dir, store } = await fixture(t);
  await store.put(MOD, { bytes: Buffer.from('module example.com/m\n') });
  await store.putRecord('r', { at: 1 });
  await removeTree(dir);
  const file = await store.get(MOD);
  assert.equal(file?.bytes?.toString(), 'module example.com/m\n');
  assert.equal(await store.get(MOD), file);
  assert.equal(store.recall(MOD), file);
  assert.deepEqual(await store.getRecord('r'), { at: 1 });
  assert.equal(file?.bytes?.buffer.byteLength, file?.sizeBytes, 'what is counted is what it takes');
});

test('what lies behind a link is neither replaced nor removed', async (t) => {
  const { dir, store, pathOf } = await fixture(t);
  const foreign = join(dir, 'foreign');
  await mkdir(foreign);
  await writeFile(join(foreign, 'v1.0.0.zip'), 'precious');
  await mkdir(dirname(dirname(pathOf(ZIP))), { recursive: true });
  await symlink(foreign, dirname(pathOf(ZIP)));
  const isLink = { code: 'E_STORE', message: /^example\.com\/m\/@v is, or lies behind, a link/ };
  await assert.rejects(store.put(ZIP, { bytes: Buffer.from('ours') }), isLink);
  await assert.rejects(store.remove(ZIP), isLink);
  await assert.rejects(store.setAside(ZIP, '"8-1"'), isLink);
  await assert.rejects(store.names('example.com/m/@v'), isLink);
  await store.close();
  assert.deepEqual(await readdir(foreign), ['v1.0.0.zip']);
  assert.equal(await readFile(join(foreign, 'v1.0.0.zip'), 'utf8'), 'precious');
});

test('memory is bounded by bytes', async (t) => {
  const { store, pathOf } = await fixture(t, { memoryBytes: 100_000 });
  const keys = Array.from({ length: 10 }, (_, index) => `example.com/m/@v/v1.0.${index}.mod`);
  for (const key of keys) await store.put(key, { bytes: Buffer.alloc(30_000) });
  for (const key of keys) await rm(pathOf(key));
  const held = await Promise.all(keys.map((key) => store.get(key)));
  assert.equal(held.filter((file) => file !== undefined).length, 3);
});

test('a file that another process or a person put there is served', async (t) => {
  const { store, pathOf } = await fixture(t);
  await mkdir(dirname(pathOf(MOD)), { recursive: true });
  await writeFile(pathOf(MOD), 'module example.com/m\n');
  assert.equal((await contentOf(store, MOD))?.toString(), 'module example.com/m\n');
});

test('a large file that is replaced between get and open is not mixed up', async (t) => {
  const { store, pathOf } = await fixture(t);
  await store.put(ZIP, { bytes: randomBytes(200_000) });
  const file = await store.get(ZIP);
  assert.ok(file);
  await store.put(ZIP, { bytes: randomBytes(200_001) });
  await assert.rejects(buffer(file.open()), { code: 'E_STORE' });
  const current = await store.get(ZIP);
  await rm(pathOf(ZIP));
  assert.ok(current);
  await assert.rejects(buffer(current.open()), { code: 'E_STORE' });
});

test('a stream that is left half-way closes its file', async (t) => {
  const { store } = await fixture(t);
  await store.put(ZIP, { bytes: randomBytes(2_000_000) });
  const file = await store.get(ZIP);
  const stream = file?.open();
  assert.ok(stream);
  for await (const piece of stream) {
    assert.ok((piece as Buffer).length <= 256 * 1024);
    break;
  }
  assert.equal(stream.destroyed, true);
});

test('a read that began before a removal does not bring the file back', async (t) => {
  const { store, pathOf } = await fixture(t);
  await mkdir(dirname(pathOf(MOD)), { recursive: true });
  await writeFile(pathOf(MOD), 'old');
  const reading = store.get(MOD);
  const removing = store.remove(MOD);
  await Promise.all([reading, removing]);
  assert.equal(await store.get(MOD), undefined);
});

test('a damaged record is an absent one', async (t) => {
  const { dir, store } = await fixture(t);
  const path = join(diskStoreFolders(dir).records, 'answers', 'x.json');
  await mkdir(dirname(path), { recursive: true });
  for (const damage of ['', '{"at":', '\0\0\0\0']) {
    await writeFile(path, damage);
    assert.equal(await store.getRecord('answers/x'), undefined);
  }
  await store.putRecord('answers/x', { at: 3 });
  assert.deepEqual(JSON.parse(await readFile(path, 'utf8')), { at: 3 });
});

test('old leftovers go when the copy is opened', async (t) => {
  const dir = await tempFolder(t);
  const folders = diskStoreFolders(dir);
  const then = new Date(Date.now() - 25 * 60 * 60 * 1000);
  // No process has this number: it is above the largest that Linux or macOS gives.
  const name = '.rondo-99999999-0123456789ab-1';
  for (const folder of [join(folders.download, 'example.com', '@v'), folders.records, folders.spool]) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), 'half');
    await utimes(join(folder, name), then, then);
  }
  const store = await openDiskStore({ dir, memoryBytes: 0, clock: systemClock, emit: () => undefined });
  await store.tidied;
  assert.equal(await leftovers(dir), 0);
  await store.close();
});

test('a list that an ended process left untrue is mended when the copy is opened', async (t) => {
  const dir = await tempFolder(t);
  const { download } = diskStoreFolders(dir);
  const module = join(download, 'example.com', 'm', '@v');
  await mkdir(module, { recursive: true });
  for (const name of ['v1.0.0.mod', 'v1.1.0.mod', 'v1.1.0.zip']) await writeFile(join(module, name), 'x');
  // As go writes it, and as one stays that lost its last version before anybody could say so.
  await writeFile(join(module, 'list'), 'v1.0.0\nv1.1.0\n');
  const emptied = join(download, 'example.com', 'gone', '@v');
  await mkdir(emptied, { recursive: true });
  await writeFile(join(emptied, 'list'), 'v1.0.0\n');
  const store = await openDiskStore({ dir, memoryBytes: 0, clock: systemClock, emit: () => undefined });
  await store.tidied;
  assert.equal(await readFile(join(module, 'list'), 'utf8'), 'v1.1.0\n');
  assert.equal(await readFile(join(emptied, 'list'), 'utf8'), '');
  await store.close();
});

async function leftovers(dir: string): Promise<number> {
  const names = await readdir(dir, { recursive: true });
  return names.filter((name) => name.includes('.rondo-')).length;
}

test('unfinished files are no content', async (t) => {
  const { store, pathOf } = await fixture(t);
  await store.put(MOD, { bytes: Buffer.from('x') });
  await writeFile(join(dirname(pathOf(MOD)), '.rondo-1-0123456789ab-1'), 'half');
  await writeFile(join(dirname(pathOf(MOD)), 'list'), 'v1.0.0\n');
  assert.deepEqual(await store.names('example.com/m/@v'), [MOD]);
});

test('a cache folder that cannot be one is refused with a hint', async (t) => {
  const dir = await tempFolder(t);
  await writeFile(join(dir, 'file'), '');
  const open = openDiskStore({
    dir: join(dir, 'file', 'cache'),
    memoryBytes: 0,
    clock: systemClock,
    emit() {},
  });
  await assert.rejects(open, { code: 'E_CACHE_DIR', kind: 'usage', hint: /--cache-dir/ });
});

test('when writing fails nothing is half visible, reading goes on, and people are told once', async (t) => {
  let nowMs = 0;
  const { store, notices, pathOf } = await fixture(t, { clock: { ...systemClock, now: () => nowMs } });
  await store.put(MOD, { bytes: Buffer.from('x') });
  const blocked = pathOf('blocked.example.com');
  await writeFile(blocked, '');
  for (let round = 0; round < 3; round += 1) {
    const put = store.put('blocked.example.com/@v/v1.0.0.mod', { bytes: Buffer.from('x') });
    await assert.rejects(put, { code: 'E_STORE' });
  }
  assert.equal(await store.get('blocked.example.com/@v/v1.0.0.mod'), undefined);
  assert.equal((await contentOf(store, MOD))?.toString(), 'x');
  assert.equal(notices.length, 1);
  assert.match(notices[0] ?? '', /^error: the copy cannot be written, answers go on without being kept: /);
  assert.equal(store.isKeeping(), false);
  await rm(blocked);
  await store.put('blocked.example.com/@v/v1.0.0.mod', { bytes: Buffer.from('x') });
  assert.equal(notices.length, 1, 'what has just failed may fail again: a disk that is nearly full');
  nowMs += 10_000;
  await store.putRecord('r', {});
  assert.equal(notices[1], 'info: the copy can be written again');
  assert.equal(store.isKeeping(), true);
});

test('readiness tells a folder that went away', async (t) => {
  const { dir, store } = await fixture(t);
  assert.equal(await store.writable(), true);
  await rm(diskStoreFolders(dir).spool, { recursive: true });
  assert.equal(await store.writable(), true, 'that is made when it is needed');
  await rename(join(dir, 'cache'), join(dir, 'elsewhere'));
  assert.equal(await store.writable(), false);
  assert.equal(await store.whyNotWritable(), 'ENOENT');
});

test('a copy that can only be read is opened, served, and told of', async (t) => {
  const { dir, store } = await fixture(t);
  await store.put(MOD, { bytes: Buffer.from('x') });
  await store.close();
  const { spool } = diskStoreFolders(dir);
  await rm(spool, { recursive: true });
  await writeFile(spool, 'in the way');
  const notices: string[] = [];
  const emit = (event: RondoEvent): void => {
    if (event.type === 'notice') notices.push(`${event.level}: ${event.message}`);
  };
  const again = await openDiskStore({ dir, memoryBytes: 0, clock: systemClock, emit });
  t.after(() => again.close());
  assert.equal((await contentOf(again, MOD))?.toString(), 'x');
  assert.equal(notices.length, 1);
  assert.match(
    notices[0] ?? '',
    /^error: the copy cannot be written.*a file stands where a folder is needed/,
  );
  assert.match(render((await again.whyNotWritable()) ?? ''), /a file stands where a folder is needed/);
});

test('the version list follows puts and removals', async (t) => {
  const { dir, store, pathOf } = await fixture(t);
  await store.put(MOD, { bytes: Buffer.from('x') });
  await store.put(ZIP, { bytes: Buffer.from('x') });
  await store.put('example.com/m/@v/v1.1.0.mod', { bytes: Buffer.from('x') });
  await store.close();
  assert.equal(await readFile(pathOf('example.com/m/@v/list'), 'utf8'), 'v1.0.0\n');
  const again = await openDiskStore({ dir, memoryBytes: 0, clock: systemClock, emit: () => undefined });
  await again.put('example.com/m/@v/v1.1.0.zip', { bytes: Buffer.from('x') });
  await again.remove(ZIP);
  await again.close();
  assert.equal(await readFile(pathOf('example.com/m/@v/list'), 'utf8'), 'v1.1.0\n');
});

test('two stores on one folder see each other and may put the same key at once', async (t) => {
  const { dir, store } = await fixture(t);
  const other = await openDiskStore({ dir, memoryBytes: 0, clock: systemClock, emit: () => undefined });
  const bytes = randomBytes(500_000);
  await Promise.all([store, other, store, other].map((each) => each.put(ZIP, { bytes })));
  for (const each of [store, other]) assert.ok((await contentOf(each, ZIP))?.equals(bytes));
  await other.putRecord('shared', { by: 'other' });
  assert.deepEqual(await store.getRecord('shared'), { by: 'other' });
  await other.close();
});
