import assert from 'node:assert/strict';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { filledCopy } from '../support/filled-copy.ts';
import { bigModule } from '../support/fixture-modules.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { smallDisk } from '../support/small-disk.ts';
import { tempProject } from '../support/temp-folder.ts';
import { goSum } from './bench.ts';
import { runRondo } from './rondo-command.ts';

await testWith(['mount'], 'a disk that nobody may write ends sync at the first file', async (context) => {
  const t = reverseCleanup(context);
  const modules = await Promise.all([1, 2, 3, 4].map((n) => bigModule(`example.com/big${n}`, 'v1.0.0', 1)));
  const database = ChecksumDatabase.over(modules);
  const copy = await filledCopy(t, [], { modules, database });
  const disk = await smallDisk(t, 64 * 1024);
  const env = { ...copy.env, RONDO_CACHE_DIR: disk.path };
  const cwd = await tempProject(t, { 'go.mod': 'module example.com/project\n', 'go.sum': goSum(modules) });
  // The folders are made while it can be written.
  const dry = await runRondo(t, ['sync', '--dry-run'], { env, cwd });
  assert.equal(dry.code, 1, dry.stderr);
  await disk.remount('ro');
  const run = await runRondo(t, ['sync', '--jobs', '1'], { env, cwd });
  assert.deepEqual([run.code, run.stdout], [2, ''], run.stderr);
  assert.match(run.stderr, /^error: the copy cannot be written: .*\(E_STORE\)$/m);
});
