import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { RondoError } from '../errors/rondo-error.ts';
import { systemClock } from '../kit/clock.ts';
import { makePipe } from '../../test/support/named-pipe.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { createFolderLock } from './folder-lock.ts';

test('one at a time, within a process and between two locks of one folder', async (t) => {
  const folder = await tempFolder(t);
  const first = createFolderLock(folder, systemClock);
  const second = createFolderLock(folder, systemClock);
  t.after(() => Promise.all([first.close(), second.close()]));
  let inside = 0;
  let most = 0;
  const task = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? first : second).run(task)));
  assert.equal(most, 1);
});

test('a pipe beside the lock is not waited for, nor is it the lock', async (t) => {
  for (const name of ['lock', 'lock-journal']) {
    const folder = await tempFolder(t);
    if (name !== 'lock') {
      const database = new DatabaseSync(join(folder, 'lock'));
      database.exec('CREATE TABLE strange (a)');
      database.close();
    }
    makePipe(join(folder, name));
    // So that who opens it to read fails this test and does not wait.
    const held = await open(join(folder, name), 'r+');
    t.after(() => held.close());
    const lock = createFolderLock(folder, systemClock);
    t.after(() => lock.close());
    await assert.rejects(
      lock.run(async () => 1),
      /^Error: its lock, or a file beside it, is no plain file$/,
    );
  }
});

test('a task that fails lets go of it', async (t) => {
  const lock = createFolderLock(await tempFolder(t), systemClock);
  t.after(() => lock.close());
  await assert.rejects(
    lock.run(async () => {
      throw new Error('task');
    }),
    /task/,
  );
  assert.equal(await lock.run(async () => 1), 1);
});

test('closed while it is held, waited for, or before somebody comes: every task runs to its end, and the file is let go', async (t) => {
  const folder = await tempFolder(t);
  const lock = createFolderLock(folder, systemClock);
  assert.equal(await lock.run(async () => 1), 1);
  const gate = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const held = lock.run(async () => {
    entered.resolve();
    await gate.promise;
    return 2;
  });
  const waiting = lock.run(async () => 3);
  await entered.promise;
  const closed = lock.close();
  gate.resolve();
  assert.deepEqual(await Promise.all([held, waiting]), [2, 3]);
  await closed;
  if (process.platform === 'linux') assert.deepEqual(await openFilesIn(folder), []);
  assert.equal(await lock.run(async () => 4), 4);
  if (process.platform === 'linux') assert.deepEqual(await openFilesIn(folder), []);
});

async function openFilesIn(folder: string): Promise<string[]> {
  const real = await realpath(folder);
  const open: string[] = [];
  for (const fd of await readdir('/proc/self/fd')) {
    const path = await readlink(join('/proc/self/fd', fd)).catch(() => '');
    if (path.startsWith(real)) open.push(path);
  }
  return open;
}

test('a process that is killed leaves nothing locked', async (t) => {
  const folder = await tempFolder(t);
  const program = `
    import { createFolderLock } from ${JSON.stringify(import.meta.resolve('./folder-lock.ts'))};
    import { systemClock } from ${JSON.stringify(import.meta.resolve('../kit/clock.ts'))};
    const lock = createFolderLock(${JSON.stringify(folder)}, systemClock);
    setInterval(() => {}, 1000);
    await lock.run(async () => { console.log('held'); await new Promise(() => {}); });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  // A clock that says at once that it has waited too long.
  let nowMs = 0;
  const impatient = { ...systemClock, now: () => (nowMs += 6000) };
  const waiting = createFolderLock(folder, impatient);
  t.after(() => waiting.close());
  await assert.rejects(
    waiting.run(async () => 1),
    (error) =>
      error instanceof RondoError && error.code === 'E_STORE' && /holds the lock/.test(error.message),
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.deepEqual(await readdir(folder), ['lock'], 'and no other file');
  assert.equal(await waiting.run(async () => 2), 2);
});
