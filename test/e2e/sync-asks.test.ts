import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filledCopy, keyOf } from '../support/filled-copy.ts';
import '../support/loopback-only.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempProject } from '../support/temp-folder.ts';
import { DATABASE, goSum, NEEDED, SERVED } from './bench.ts';
import { runRondo, startRondo } from './rondo-command.ts';

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

test('a zip that hangs at every mirror holds up one of those that are fetched at once, and no other', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, [], { ...SERVED, database: DATABASE });
  const [hanging, ...others] = NEEDED;
  assert.ok(hanging !== undefined);
  const match = new RegExp(`${keyOf(hanging, 'zip').replaceAll('.', '\\.')}$`);
  for (const mirror of copy.mirrors) await mirror.setFault({ kind: 'hang' }, { match });
  const cwd = await tempProject(t, { 'go.mod': 'module example.com/project\n', 'go.sum': goSum(NEEDED) });
  // It is not given up.
  const env = { ...copy.env, RONDO_TIMEOUTS_HEADER: '10m', RONDO_TIMEOUTS_DEADLINE: '1h' };
  const rondo = startRondo(t, ['sync', '--jobs', '2'], { env, cwd });
  const lacking = async (): Promise<string[]> => {
    const requests = (await Promise.all(copy.mirrors.map((mirror) => mirror.requests()))).flat();
    const whole = new Set(requests.filter(({ complete }) => complete).map(({ path }) => path));
    return others.map((module) => `/${keyOf(module, 'zip')}`).filter((path) => !whole.has(path));
  };
  // Where the others wait for the one that hangs, this never ends.
  while ((await lacking()).length > 0) {
    assert.equal(rondo.child.exitCode, null, rondo.stderr());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  rondo.child.kill('SIGINT');
  assert.equal(await rondo.ended, 130);
});
