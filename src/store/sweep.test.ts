import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { unlinkSync } from 'node:fs';
import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { systemClock } from '../kit/clock.ts';
import { ownFileName, processRuns } from './own-file-name.ts';
import { sweepLeftovers } from './sweep.ts';

const HOUR_MS = 60 * 60 * 1000;
const OTHER_TOKEN = '0123456789ab';

async function makeFile(path: string, ageMs: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'x');
  const then = new Date(Date.now() - ageMs);
  await utimes(path, then, then);
}

const sweep = (dir: string, runs: (pid: number) => boolean): Promise<number> =>
  sweepLeftovers(dir, { clock: systemClock, signal: new AbortController().signal, processRuns: runs });

test('old leftovers of dead processes go, everything else stays', async (t) => {
  const dir = await tempFolder(t);
  const deep = join(dir, 'example.com', 'm', '@v');
  const gone = [`.rondo-7-${OTHER_TOKEN}-1`, `.rondo-${process.pid}-${OTHER_TOKEN}-1`];
  const kept = [
    `.rondo-8-${OTHER_TOKEN}-1`, // pid 8 runs
    ownFileName(), // this very process
    'v1.0.0.zip12345.tmp', // go sweeps its own
    '.rondo-notes',
    'v1.0.0.zip',
  ];
  for (const name of [...gone, ...kept]) await makeFile(join(deep, name), 25 * HOUR_MS);
  await makeFile(join(deep, `.rondo-7-${OTHER_TOKEN}-2`), 23 * HOUR_MS);
  assert.equal(await sweep(dir, (pid) => pid === 8), 2);
  assert.deepEqual((await readdir(deep)).toSorted(), [...kept, `.rondo-7-${OTHER_TOKEN}-2`].toSorted());
});

test('an old folder of a dead process goes with all that is in it; a young one, and that of a living one, stays', async (t) => {
  const dir = await tempFolder(t);
  const names = [`.rondo-7-${OTHER_TOKEN}-1`, `.rondo-8-${OTHER_TOKEN}-1`, `.rondo-7-${OTHER_TOKEN}-2`];
  for (const [index, name] of names.entries()) {
    await makeFile(join(dir, name, 'example.com', 'v1.0.0.zip'), 25 * HOUR_MS);
    const then = new Date(Date.now() - (index < 2 ? 25 : 23) * HOUR_MS);
    await utimes(join(dir, name), then, then);
  }
  assert.equal(await sweep(dir, (pid) => pid === 8), 1);
  assert.deepEqual((await readdir(dir)).toSorted(), names.slice(1).toSorted());
});

test('a leftover that another process has just swept keeps nothing else from being swept and mended', async (t) => {
  const dir = await tempFolder(t);
  const nameOf = (pid: number): string => `.rondo-${pid}-${OTHER_TOKEN}-1`;
  for (const pid of [7, 8, 9]) await makeFile(join(dir, nameOf(pid)), 25 * HOUR_MS);
  const mended: string[] = [];
  const removed = await sweepLeftovers(dir, {
    clock: systemClock,
    signal: new AbortController().signal,
    inFolder: async (folder) => void mended.push(folder),
    processRuns(pid) {
      if (pid === 8) unlinkSync(join(dir, nameOf(pid)));
      return false;
    },
  });
  assert.deepEqual([removed, mended, await readdir(dir)], [2, [dir], []]);
});

test('symbolic links are not followed', async (t) => {
  const dir = await tempFolder(t);
  const elsewhere = await tempFolder(t);
  const name = `.rondo-7-${OTHER_TOKEN}-1`;
  await makeFile(join(elsewhere, name), 25 * HOUR_MS);
  await symlink(elsewhere, join(dir, 'link'));
  await symlink(join(elsewhere, name), join(dir, name));
  assert.equal(await sweep(dir, () => false), 0);
  assert.deepEqual(await readdir(elsewhere), [name]);
});

test('a missing folder is no error, and an abort ends the walk', async (t) => {
  const dir = await tempFolder(t);
  assert.equal(await sweep(join(dir, 'missing'), () => false), 0);
  await makeFile(join(dir, `.rondo-7-${OTHER_TOKEN}-1`), 25 * HOUR_MS);
  const options = { clock: systemClock, signal: AbortSignal.abort(), processRuns: () => false };
  assert.equal(await sweepLeftovers(dir, options), 0);
});

test('a process runs until it has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  assert.equal(processRuns(pid), true);
  child.stdin.end();
  await once(child, 'exit');
  assert.equal(processRuns(pid), false);
  assert.equal(processRuns(0), false);
  assert.equal(processRuns(process.pid), true);
});
