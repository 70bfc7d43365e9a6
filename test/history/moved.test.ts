import assert from 'node:assert/strict';
import { rename, rm } from 'node:fs/promises';
import { test } from 'node:test';
import { happens } from '../support/happens.ts';
import { desk, rows, type Desk } from './desk.ts';

const MINUTE = 60_000;
const SUFFIXES = ['', '-wal', '-shm'];

/** So many minutes with a probe of `a` in each; the file has `before` from earlier. */
async function minutes(own: Desk, count: number, before: number): Promise<void> {
  for (let minute = 1; minute <= count; minute += 1) {
    own.visit('a', 'ok', 5);
    await own.clock.advance(MINUTE);
    await happens(async () => (await probesAt(own)) === before + minute);
  }
}

async function probesAt(own: Desk): Promise<number> {
  const all = await rows(own.read, { sinceMs: 0, untilMs: own.startMs + 100 * MINUTE });
  return all.reduce((sum, { probesAnswered }) => sum + probesAnswered, 0);
}

test('a file that is removed, and removed again, is made anew by the next minute, and that is told each time', async (t) => {
  const own = await desk(t);
  const recorder = own.recorder();
  recorder.start();
  for (let removals = 0; removals < 2; removals += 1) {
    await minutes(own, 2, 0);
    for (const suffix of SUFFIXES) await rm(`${own.path}${suffix}`, { force: true });
  }
  await minutes(own, 5, 0);
  await recorder.close();
  assert.equal(await probesAt(own), 5);
  const moved = `the history of the mirrors was removed or replaced under a running Rondo; it goes on in a new file at ${own.path}`;
  assert.deepEqual(own.told, [moved, moved]);
});

test('where another one puts the file aside, its own writes go to the new one, and nothing is written twice', async (t) => {
  const first = await desk(t);
  const recorder = first.recorder();
  recorder.start();
  await minutes(first, 3, 0);
  const aside = await desk(t, `${first.path}.aside`);
  for (const suffix of SUFFIXES) await rename(`${first.path}${suffix}`, `${aside.path}${suffix}`);
  const second = await desk(t, first.path);
  const other = second.recorder();
  other.start();
  await minutes(first, 4, 0);
  await minutes(second, 4, 4);
  await recorder.close();
  await other.close();
  assert.deepEqual([await probesAt(aside), await probesAt(first)], [3, 8]);
  assert.deepEqual([first.told.length, second.told.length], [1, 0]);
});
