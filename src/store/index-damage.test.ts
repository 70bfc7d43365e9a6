import assert from 'node:assert/strict';
import { mkdir, open, rm, stat, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { fill, indexedCopy, MOD } from '../../test/support/indexed-copy.ts';
import { makePipe } from '../../test/support/named-pipe.ts';
import type { IndexRow } from './index-row.ts';

/** Rows without the requests, which nothing can bring back. */
function withoutRequests(rows: readonly IndexRow[]): unknown[] {
  return rows.map(({ lastRequestS: _last, ...row }) => row);
}

const DAMAGES: Readonly<Record<string, (path: string) => Promise<void>>> = {
  lost: (path) => unlink(path),
  empty: (path) => truncate(path, 0),
  'cut short': (path) => truncate(path, 5000),
  garbage: (path) => writeFile(path, Buffer.alloc(20_000, 7)),
  'damaged inside': async (path) => {
    const { size } = await stat(path);
    const file = await open(path, 'r+');
    await file.write(Buffer.alloc(size - 4096, 7), 0, size - 4096, 4096);
    await file.close();
  },
  "another program's": async (path) => {
    await unlink(path);
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE file (name TEXT); INSERT INTO file VALUES (1)');
    other.close();
  },
  'of an older Rondo': async (path) => {
    const older = new DatabaseSync(path);
    older.exec('PRAGMA user_version = 0; DROP TABLE file');
    older.close();
  },
  "with somebody's index on an expression": async (path) => {
    const strange = new DatabaseSync(path);
    strange.exec('CREATE INDEX evil ON file (length(hex(zeroblob(size))))');
    strange.close();
  },
  "with somebody's trigger": async (path) => {
    const strange = new DatabaseSync(path);
    strange.exec('CREATE TRIGGER evil AFTER DELETE ON file BEGIN DELETE FROM fact; END');
    strange.close();
  },
  'without a table': async (path) => {
    const without = new DatabaseSync(path);
    without.exec('DROP TABLE total');
    without.close();
  },
};

for (const [what, damage] of Object.entries(DAMAGES)) {
  test(`an index that is ${what} is made anew and says what it said before`, async (t) => {
    const first = await indexedCopy(t);
    await fill(first);
    assert.equal(await first.store.index.compare('now'), true);
    const before = withoutRequests(await first.store.index.list());
    await first.store.close();
    await damage(first.path);
    const { store, told } = await first.restart();
    assert.equal(await store.index.compare('due'), true);
    assert.deepEqual(withoutRequests(await store.index.list()), before);
    assert.deepEqual(await store.index.totals(), { files: 4, bytes: 1052, own: { files: 2, bytes: 1021 } });
    assert.equal(told.at(-1), 'index rebuilt');
    assert.ok(told.filter((line) => line.startsWith('warn')).length <= 1, told.join('\n'));
  });

  test(`an index that becomes ${what} while it is used fails nothing, and is made anew`, async (t) => {
    const copy = await indexedCopy(t);
    await fill(copy);
    const { store, path, told, clock } = copy;
    assert.equal(await store.index.compare('now'), true);
    await damage(path);
    for (let n = 0; n < 3; n += 1) {
      const key = `example.com/more/@v/v1.${n}.0.mod`;
      await store.put(key, { bytes: Buffer.from('x') });
      store.index.touch(key, clock.wallMs());
      await clock.advance(61_000);
    }
    assert.equal(await store.index.compare('now'), true);
    assert.equal((await store.index.list()).length, 7);
    assert.ok(told.filter((line) => line.startsWith('warn')).length <= 1, told.join('\n'));
  });
}

test('an index of a newer Rondo is left alone', async (t) => {
  const first = await indexedCopy(t);
  await fill(first);
  await first.store.close();
  const newer = new DatabaseSync(first.path);
  newer.exec('PRAGMA user_version = 999');
  newer.close();
  const { store, told, path, clock } = await first.restart();
  await store.put(MOD, { bytes: Buffer.from('x') });
  await clock.advance(5_000);
  assert.equal(await store.index.totals(), undefined);
  assert.deepEqual(await store.index.list(), []);
  assert.equal(await store.index.compare('due'), false);
  await store.close();
  assert.deepEqual(told, [
    'index failed',
    'warn: the index of the copy does not work, and its size is not kept in bounds: it is one of a newer Rondo',
  ]);
  const kept = new DatabaseSync(path);
  assert.deepEqual({ ...kept.prepare('PRAGMA user_version').get() }, { user_version: 999 });
  kept.close();
});

for (const suffix of ['', '-wal', '-shm', '-journal']) {
  test(`a link or a pipe in the place of index.sqlite${suffix} is left alone, and told once`, async (t) => {
    const { store, told, clock, path } = await indexedCopy(t);
    const other = `${path}.other`;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(other, '');
    await symlink(other, `${path}${suffix}`);
    assert.equal(await store.index.totals(), undefined);
    assert.equal((await stat(other)).size, 0);
    await unlink(`${path}${suffix}`);
    makePipe(`${path}${suffix}`);
    // So that who opens it to read fails this test and does not wait.
    const held = await open(`${path}${suffix}`, 'r+');
    t.after(() => held.close());
    await clock.advance(61_000);
    assert.equal(await store.index.totals(), undefined);
    assert.deepEqual(
      told.filter((line) => line.startsWith('warn')),
      [
        'warn: the index of the copy does not work, and its size is not kept in bounds: it, or a file beside it, is no plain file',
      ],
    );
    await unlink(`${path}${suffix}`);
    await clock.advance(61_000);
    assert.equal((await store.index.totals())?.files, 0);
  });
}

test('where the index cannot be opened requests go on, people are told once, and it is tried again', async (t) => {
  const first = await indexedCopy(t);
  await mkdir(join(first.path, 'in the way'), { recursive: true });
  const { store, told, clock } = first;
  await fill(first);
  for (let n = 0; n < 3; n += 1) {
    assert.equal(await store.index.totals(), undefined);
    await clock.advance(40_000);
  }
  assert.equal(told.filter((line) => line.startsWith('warn')).length, 1, told.join('\n'));
  await rm(first.path, { recursive: true });
  await clock.advance(61_000);
  assert.equal(await store.index.compare('now'), true);
  assert.equal((await store.index.totals())?.files, 4);
  assert.ok(told.includes('info: the index of the copy works again'), told.join('\n'));
});
