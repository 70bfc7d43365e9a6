import assert from 'node:assert/strict';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { filledCopy, keyOf } from '../support/filled-copy.ts';
import '../support/loopback-only.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempProject } from '../support/temp-folder.ts';
import { DATABASE, goSum, NEEDED, PROJECT, SERVED } from './bench.ts';
import { runRondo } from './rondo-command.ts';

const [FIRST, SECOND] = NEEDED;
assert.ok(FIRST !== undefined && SECOND !== undefined);
/** A project whose go.sum has the hash of another zip for one module. */
const WRONG = { ...PROJECT, 'go.sum': goSum([{ ...FIRST, zipH1: SECOND.zipH1 }, ...NEEDED.slice(1)]) };
const TOLD = `DIFFERENT  ${FIRST.path}@${FIRST.version} .zip: go.sum has ${SECOND.zipH1}, `;

test('a go.sum that contradicts the checksum database is named, and the target is as it was', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, [], { ...SERVED, database: DATABASE });
  const cwd = await tempProject(t, WRONG);
  const run = await runRondo(t, ['sync', '--target', 'b.tar.zst'], { env: copy.env, cwd });
  assert.equal(run.code, 4, run.stderr);
  assert.ok(run.stdout.startsWith(TOLD), run.stdout);
  assert.deepEqual((await readdir(cwd)).sort(), ['go.mod', 'go.sum', 'main.go']);
});

test('of two projects that contradict each other one is told to be wrong, whichever is named first', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, [], { ...SERVED, database: DATABASE });
  const [right, wrong] = [await tempProject(t, PROJECT), await tempProject(t, WRONG)];
  for (const projects of [
    [right, wrong],
    [wrong, right],
  ]) {
    const options = { env: copy.env, cwd: right };
    const run = await runRondo(t, ['sync', ...projects, '--target', 'b.tar.zst'], options);
    assert.equal(run.code, 4, run.stderr);
    assert.ok(run.stdout.startsWith(TOLD), run.stdout);
    assert.ok(!(await readdir(right)).includes('b.tar.zst'));
  }
});

test('where the copy is damaged that is told, and the bundle is as it was', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, [], { ...SERVED, database: DATABASE });
  const cwd = await tempProject(t, PROJECT);
  const options = { env: copy.env, cwd };
  const first = await runRondo(t, ['sync', '--target', 'b.tar.zst'], options);
  assert.equal(first.code, 0, first.stderr);
  const bundle = await readFile(join(cwd, 'b.tar.zst'));
  // As a bad disk has it: of the same size and time.
  const path = join(copy.cacheDir, 'cache', 'download', keyOf(FIRST, 'zip'));
  const { atime, mtime } = await stat(path);
  const bytes = await readFile(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(path, bytes);
  await utimes(path, atime, mtime);
  const second = await runRondo(t, ['sync', '--target', 'b.tar.zst'], options);
  assert.equal(second.code, 4, second.stderr);
  assert.match(second.stdout, new RegExp(`^WRONG {2}${FIRST.path}@${FIRST.version} \\.zip: `, 'm'));
  assert.match(second.stderr, /the target is as it was/);
  assert.doesNotMatch(second.stderr, /to use it|wrote \d+ file/);
  assert.deepEqual(await readFile(join(cwd, 'b.tar.zst')), bundle);
  assert.deepEqual((await readdir(cwd)).sort(), ['b.tar.zst', 'go.mod', 'go.sum', 'main.go']);
});

test('where a folder has another file of a name, that is told, and nobody is led to it', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, [], { ...SERVED, database: DATABASE });
  const cwd = await tempProject(t, PROJECT);
  const options = { env: copy.env, cwd };
  await runRondo(t, ['sync', '--target', './proxy'], options);
  await writeFile(join(cwd, 'proxy', keyOf(FIRST, 'mod')), 'module example.com/other\n');
  const run = await runRondo(t, ['sync', '--target', './proxy'], options);
  assert.equal(run.code, 1, run.stderr);
  assert.match(run.stdout, new RegExp(`^FOREIGN {2}${FIRST.path}@${FIRST.version} \\.mod: `, 'm'));
  assert.doesNotMatch(run.stderr, /to use it/);
});
