import assert from 'node:assert/strict';
import { readdir, unlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { fill, FOREIGN, indexedCopy, LOOKUP, MOD, ZIP } from '../../test/support/indexed-copy.ts';
import { removeTree } from '../../test/support/temp-folder.ts';
import { diskStoreFolders, type DiskStore } from './disk-store.ts';

test('a row a file: where it came from, how it was checked, who wrote it', async (t) => {
  const copy = await indexedCopy(t);
  await fill(copy);
  const { store, clock } = copy;
  assert.equal(await store.index.compare('now'), true);
  const rows = await store.index.list();
  assert.deepEqual(
    rows.map(({ key, sizeBytes, written, mirror, h1, verified }) => [
      key,
      sizeBytes,
      written,
      mirror,
      h1,
      verified,
    ]),
    [
      [FOREIGN, 25, false, undefined, undefined, undefined],
      [MOD, 21, true, 'a', 'h1:mod', 'database'],
      [ZIP, 1000, true, 'a', 'h1:zip', 'database'],
      [LOOKUP, 6, false, undefined, undefined, undefined],
    ],
  );
  assert.deepEqual(await store.index.totals(), { files: 4, bytes: 1052, own: { files: 2, bytes: 1021 } });
  assert.deepEqual(store.index.knownTotals(), await store.index.totals());
  const zip = await store.index.get(ZIP);
  assert.equal(zip?.at, clock.wallMs());
  assert.equal(zip.lastRequestS, clock.wallMs() / 1000);
  assert.equal(zip.etag, (await store.get(ZIP))?.etag);
  assert.equal(await store.index.get('example.com/nothing'), undefined);
});

test('lists by prefix, size and last request', async (t) => {
  const copy = await indexedCopy(t);
  await fill(copy);
  const { store, clock } = copy;
  store.index.touch(MOD, clock.wallMs() + 5000);
  await store.index.compare('now');
  const keys = async (query: Parameters<DiskStore['index']['list']>[0]): Promise<string[]> =>
    (await store.index.list(query)).map(({ key }) => key);
  assert.deepEqual(await keys({ prefix: 'example.com/m/' }), [MOD, ZIP]);
  assert.deepEqual(await keys({ prefix: 'example.com/m/', orderBy: 'size' }), [ZIP, MOD]);
  assert.deepEqual(await keys({ prefix: 'example.com/m/', orderBy: 'last' }), [ZIP, MOD]);
  assert.deepEqual(await keys({ orderBy: 'size', limit: 1 }), [ZIP]);
  assert.deepEqual(await keys({ prefix: "'; DROP TABLE file; --" }), []);
});

test('requests are gathered in memory, written in a batch, and survive a restart', async (t) => {
  const first = await indexedCopy(t);
  await fill(first);
  await first.clock.advance(2_000);
  const askedMs = first.clock.wallMs();
  first.store.index.touch(ZIP, askedMs - 1_000);
  first.store.index.touch(ZIP, askedMs);
  first.store.index.touch('example.com/nothing/@v/v1.0.0.zip', askedMs);
  const last = async (store: DiskStore): Promise<number | undefined> =>
    (await store.index.get(ZIP))?.lastRequestS;
  assert.equal(await last(first.store), (askedMs - 2_000) / 1000, 'not yet');
  await first.clock.advance(30_000);
  await settledAt(() => last(first.store), askedMs / 1000);
  first.store.index.touch(ZIP, askedMs + 60_000);
  const second = await first.restart();
  assert.equal(await last(second.store), askedMs / 1000 + 60);
  assert.equal(await second.store.index.get('example.com/nothing/@v/v1.0.0.zip'), undefined);
  assert.deepEqual(second.told, []);
});

/** Waits until `read` gives `wanted`: files take their own time. Without it this never ends. */
async function settledAt<T>(read: () => Promise<T> | T, wanted: T): Promise<void> {
  while ((await read()) !== wanted) await new Promise((resolve) => setImmediate(resolve));
}

test('a copy that is only opened and read has no index', async (t) => {
  const { store, dir } = await indexedCopy(t);
  await store.get(MOD);
  await store.close();
  assert.deepEqual(
    (await readdir(join(dir, 'rondo'))).filter((name) => name.startsWith('index')),
    [],
  );
});

test('rows follow the folder: what was removed, replaced or added by others', async (t) => {
  const copy = await indexedCopy(t);
  await fill(copy);
  const { store, dir } = copy;
  assert.equal(await store.index.compare('now'), true);
  const { download } = diskStoreFolders(dir);
  await unlink(join(download, MOD));
  await writeFile(join(download, ZIP), 'written by go');
  await utimes(join(download, FOREIGN), 1000, 1000);
  await writeFile(join(dirname(join(download, FOREIGN)), 'v1.1.0.mod'), 'x');
  assert.equal(await store.index.compare('now'), true);
  const rows = await store.index.list({ prefix: 'example.com/' });
  assert.deepEqual(
    rows.map(({ key, sizeBytes, written, mirror }) => [key, sizeBytes, written, mirror]),
    [
      [FOREIGN, 25, false, undefined],
      ['example.com/found/@v/v1.1.0.mod', 1, false, undefined],
      [ZIP, 13, false, undefined],
    ],
  );
  assert.deepEqual(await store.index.totals(), { files: 4, bytes: 45, own: { files: 0, bytes: 0 } });
});

test('a comparison is due once a day, and when a process has ended without a word', async (t) => {
  const first = await indexedCopy(t);
  await fill(first);
  assert.equal(await first.store.index.compare('now'), true);
  await unlink(join(diskStoreFolders(first.dir).download, MOD));
  const second = await first.restart();
  assert.equal(await second.store.index.compare('due'), true);
  assert.ok(await second.store.index.get(MOD), 'it was compared a moment ago');
  await second.store.close();
  const database = new DatabaseSync(first.path);
  // No process has this number: it is above the largest that Linux or macOS gives.
  database.exec("INSERT INTO user VALUES ('.rondo-99999999-0123456789ab-1')");
  database.close();
  const third = await second.restart();
  assert.equal(await third.store.index.compare('due'), true);
  assert.equal(await third.store.index.get(MOD), undefined);
  await unlink(join(diskStoreFolders(first.dir).download, ZIP));
  await third.clock.advance(24 * 3_600_000);
  const fourth = await third.restart();
  assert.equal(await fourth.store.index.compare('due'), true);
  assert.equal(await fourth.store.index.get(ZIP), undefined);
});

test('another process that writes for long is waited for without standing still', async (t) => {
  const copy = await indexedCopy(t);
  await fill(copy);
  const { store, path, told, clock } = copy;
  await store.index.compare('now');
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  store.index.touch(ZIP, clock.wallMs() + 90_000);
  await store.put(MOD, { bytes: Buffer.from('longer than before, by some') });
  await clock.advance(40_000);
  assert.equal((await store.index.get(MOD))?.sizeBytes, 21, 'reading goes on');
  other.exec('ROLLBACK');
  other.close();
  await clock.advance(40_000);
  await settledAt(async () => (await store.index.get(MOD))?.sizeBytes, 27);
  await settledAt(async () => (await store.index.get(ZIP))?.lastRequestS, clock.wallMs() / 1000 + 10);
  assert.deepEqual(told, ['index rebuilt']);
});

test('two stores on one folder share one index', async (t) => {
  const first = await indexedCopy(t);
  const second = await indexedCopy(t, first);
  await fill(first);
  await Promise.all(
    [first, second].map(({ store }, n) =>
      store.put(`example.com/${n}/@v/v1.0.0.mod`, { bytes: Buffer.from('x') }),
    ),
  );
  assert.deepEqual(await Promise.all([first, second].map(({ store }) => store.index.compare('now'))), [
    true,
    true,
  ]);
  for (const { store } of [first, second]) assert.equal((await store.index.totals())?.own.files, 4);
  await first.store.close();
  await second.store.remove(MOD);
  await second.store.index.compare('now');
  assert.equal((await second.store.index.totals())?.own.files, 3);
});

test('a folder that vanishes takes its index with it, and nothing breaks', async (t) => {
  const copy = await indexedCopy(t);
  await fill(copy);
  const { store, dir, clock } = copy;
  await store.index.compare('now');
  await removeTree(join(dir, 'rondo'));
  store.index.touch(MOD, clock.wallMs());
  await clock.advance(30_000);
  assert.equal(await store.index.compare('now'), true);
  assert.equal((await store.index.totals())?.files, 4);
});
