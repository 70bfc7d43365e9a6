import assert from 'node:assert/strict';
import { open, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { makePipe } from '../../test/support/named-pipe.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { ForeignHistory, openHistoryDatabase } from './history-database.ts';

async function emptyHistory(t: TestContext): Promise<string> {
  const path = join(await tempFolder(t, 'history'), 'history.sqlite');
  (await openHistoryDatabase(path, 'write')).close();
  return path;
}

async function isRefused(path: string): Promise<void> {
  for (const access of ['read', 'write'] as const)
    await assert.rejects(openHistoryDatabase(path, access), ForeignHistory, access);
}

for (const suffix of ['', '-wal', '-shm', '-journal']) {
  test(`a pipe in the place of history.sqlite${suffix} is not waited for`, async (t) => {
    const path =
      suffix === '' ? join(await tempFolder(t, 'history'), 'history.sqlite') : await emptyHistory(t);
    makePipe(`${path}${suffix}`);
    // So that who opens it to read fails this test and does not wait.
    const held = await open(`${path}${suffix}`, 'r+');
    t.after(() => held.close());
    await isRefused(path);
  });

  test(`a link in the place of history.sqlite${suffix} is not followed`, async (t) => {
    const path =
      suffix === '' ? join(await tempFolder(t, 'history'), 'history.sqlite') : await emptyHistory(t);
    const other = `${path}.other`;
    await writeFile(other, '');
    await symlink(other, `${path}${suffix}`);
    await isRefused(path);
    assert.equal((await readFile(other)).length, 0);
  });
}

/** The table again, with a text of its own. */
function again(table: string, from: string, to: string): (database: DatabaseSync) => void {
  return (database) => {
    const row = database.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').get(table);
    const before = String(row?.['sql']);
    const after = before.replace(from, to);
    assert.notEqual(after, before);
    database.exec(`DROP TABLE ${table}; ${after}`);
  };
}

const STRANGE: Readonly<Record<string, string | ((database: DatabaseSync) => void)>> = {
  'an index on an expression': 'CREATE INDEX evil ON minute (length(hex(zeroblob(start))))',
  'an index of another kind': 'DROP INDEX open_incident; CREATE INDEX open_incident ON incident (writer)',
  'a trigger': 'CREATE TRIGGER evil AFTER INSERT ON minute BEGIN DELETE FROM minute; END',
  'a view': 'CREATE VIEW evil AS SELECT * FROM minute',
  'a table more': 'CREATE TABLE evil (a)',
  'a table less': 'DROP TABLE writer',
  'a check': again('minute', 'bytes INTEGER NOT NULL', 'bytes INTEGER NOT NULL CHECK (length(hex(bytes)))'),
  'a default': again('writer', 'seen INTEGER NOT NULL', 'seen INTEGER NOT NULL DEFAULT (random())'),
  'a column that is worked out': again(
    'incident',
    'why TEXT NOT NULL',
    'why TEXT NOT NULL AS (hex(zeroblob(start)))',
  ),
};

for (const [what, change] of Object.entries(STRANGE)) {
  test(`a history with ${what} is none of ours: our own statements would run it`, async (t) => {
    const path = await emptyHistory(t);
    const database = new DatabaseSync(path);
    if (typeof change === 'string') database.exec(change);
    else change(database);
    database.close();
    await isRefused(path);
  });
}

test('a history of ours is opened again, to read and to write', async (t) => {
  const path = await emptyHistory(t);
  for (const access of ['write', 'read'] as const) (await openHistoryDatabase(path, access)).close();
});
