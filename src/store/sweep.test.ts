import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { unlinkSync } from 'node:fs';
import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { testWith } from '../../test/support/requirements.ts';
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
  sweepLeftovers(dir, { clock: systemClock, signal: new AbortController().signal, processRuns: runs }).then(
    ({ count }) => count,
  );

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
  const { count } = await sweepLeftovers(dir, {
    clock: systemClock,
    signal: new AbortController().signal,
    inFolder: async (folder) => void mended.push(folder),
    processRuns(pid) {
      if (pid === 8) unlinkSync(join(dir, nameOf(pid)));
      return false;
    },
  });
  assert.deepEqual([count, mended, await readdir(dir)], [2, [dir], []]);
});

/** Has a process of its own leave something unfinished, and end. */
async function leftBy(dir: string, what: string): Promise<string> {
  const own = JSON.stringify(join(import.meta.dirname, 'own-file-name.ts'));
  const code = `import { mkdirSync, writeFileSync } from 'node:fs';
import { ownFileName } from ${own};
const path = ${JSON.stringify(dir)} + '/' + ownFileName();
${what};
console.log(path);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = once(child.stdout, 'data');
  await once(child, 'exit');
  return String(await said).trim();
}

await testWith(
  ['linux'],
  'what a process of this machine has left goes at once, with a count of its bytes; that of another place stays',
  async (t) => {
    const dir = await tempFolder(t);
    const file = await leftBy(dir, "writeFileSync(path, 'x'.repeat(1000))");
    const folder = await leftBy(
      dir,
      "mkdirSync(path + '/below', { recursive: true }); writeFileSync(path + '/below/y', 'yy')",
    );
    const place = /^\.rondo-\d+-([0-9a-f]{8})-/.exec(basename(file))?.[1] ?? assert.fail(file);
    const elsewhere = [`.rondo-7-${place.replace(/./g, 'f')}-${OTHER_TOKEN}-1`, `.rondo-7-${OTHER_TOKEN}-1`];
    for (const name of elsewhere) await makeFile(join(dir, name), 0);
    const own = ownFileName();
    assert.ok(own.includes(place), 'the same place');
    await makeFile(join(dir, own), 0);
    await makeFile(join(dir, 'below', `.rondo-7-${place}-${OTHER_TOKEN}-1`), 0);
    const options = { clock: systemClock, signal: new AbortController().signal };
    assert.deepEqual(
      await sweepLeftovers(dir, { ...options, shallow: true, processRuns: (pid) => pid === process.pid }),
      { count: 2, bytes: 1002 },
    );
    assert.ok(folder.startsWith(dir));
    assert.deepEqual((await readdir(dir)).toSorted(), [...elsewhere, own, 'below'].toSorted());
    const dead = { ...options, processRuns: () => false };
    assert.deepEqual(await sweepLeftovers(dir, dead), { count: 1, bytes: 1 });
  },
);

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
  assert.deepEqual(await sweepLeftovers(dir, options), { count: 0, bytes: 0 });
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
