import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filledCopy, keyOf } from '../support/filled-copy.ts';
import '../support/loopback-only.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempProject } from '../support/temp-folder.ts';
import { DATABASE, goSum, NEEDED, SERVED } from './bench.ts';
import { runRondo } from './rondo-command.ts';

test('sync asks the mirrors for what go.sum names, and for nothing ahead of anybody', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, [], { ...SERVED, database: DATABASE });
  const lines = goSum(NEEDED)
    .split('\n')
    .filter((line) => line.includes('/go.mod '));
  const cwd = await tempProject(t, {
    'go.mod': 'module example.com/project\n',
    'go.sum': `${lines.join('\n')}\n`,
  });
  const run = await runRondo(t, ['sync'], { env: copy.env, cwd });
  assert.equal(run.code, 0, run.stderr);
  const requests = (await Promise.all(copy.mirrors.map((mirror) => mirror.requests()))).flat();
  const asked = requests
    .map(({ path }) => path)
    .filter((path) => path.includes('/@v/') && !path.includes('sumdb'));
  assert.deepEqual([...new Set(asked)].sort(), NEEDED.map((module) => `/${keyOf(module, 'mod')}`).sort());
});
