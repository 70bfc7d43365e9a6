import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { filledCopy } from '../support/filled-copy.ts';
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
