import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { fill, indexedCopy, MOD } from '../../test/support/indexed-copy.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { createFolderLock } from './folder-lock.ts';
import { createIndexAccess } from './index-access.ts';

test('who opens an index while another process writes is entered in it as soon as that has ended', async (t) => {
  const first = await indexedCopy(t);
  await fill(first);
  assert.equal(await first.store.index.compare('now'), true);
  await first.store.close();
  const other = new DatabaseSync(first.path);
  t.after(() => other.close());
  // What makes a comparison due.
  other.exec('DELETE FROM fact');
  other.exec('BEGIN IMMEDIATE');
  const { store, clock } = await first.restart();
  const totals = store.index.totals();
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  other.exec('ROLLBACK');
  // 2 s are the longest that anybody waits for another process.
  for (let passedMs = 0; passedMs < 2000; passedMs += 50) await clock.advance(50);
  assert.equal((await totals)?.files, 4);
  assert.equal(other.prepare('SELECT * FROM user').all().length, 1);
  await store.index.compare('due');
  assert.equal(other.prepare('SELECT * FROM fact').all().length, 1);
  assert.ok(await store.index.get(MOD));
});

test('an index that cannot be entered because the disk is full is read all the same, and entered later', async (t) => {
  const folder = await tempFolder(t);
  const clock = new VirtualClock();
  const lock = createFolderLock(folder, clock);
  const told: string[] = [];
  const opened: unknown[] = [];
  let isFull = true;
  const access = createIndexAccess({
    folder: join(folder, 'rondo'),
    lock,
    clock,
    emit: ({ type }) => void told.push(type),
    onOpen(database) {
      opened.push(database);
      if (isFull) throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
    },
  });
  t.after(async () => {
    access.close();
    await lock.close();
  });
  const read = (): Promise<number | undefined> => access.use((database) => database.totals().files);
  assert.deepEqual([await read(), await read(), told], [0, 0, []]);
  isFull = false;
  assert.deepEqual([await read(), await read()], [0, 0]);
  assert.equal(opened.length, 3, 'twice in vain, and once for good');
  assert.equal(new Set(opened).size, 1);
});
