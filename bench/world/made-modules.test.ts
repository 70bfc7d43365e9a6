import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goCommand, goWorkspace } from '../../test/support/go-command.ts';
import { fetchRaw } from '../../test/support/http-client.ts';
import { testWith } from '../../test/support/requirements.ts';
import { reverseCleanup } from '../../test/support/rondo-process.ts';
import { tempProject } from '../../test/support/temp-folder.ts';
import { madePath } from './made-modules.ts';
import { databaseKey, openContent } from './mirror-files.ts';
import { startMirrors } from './mirrors.ts';
import { runOpenLoop } from './open-loop.ts';
import { PROBE_FILE } from '../../src/gomod/health-files.ts';

const CONTENT = { kind: 'made-modules' } as const;
const GOOD = { count: 1, content: CONTENT, distance: { latencyMs: 0 } };

await testWith(
  ['go'],
  'the go command takes a made module, and proves it by the database',
  async (context) => {
    const t = reverseCleanup(context);
    const mirrors = await startMirrors(GOOD, t);
    const cwd = await tempProject(t, { 'go.mod': 'module example.com/x\n\ngo 1.21\n' });
    const [goproxy = ''] = mirrors.urls;
    const workspace = await goWorkspace(t);
    for (const module of ['example.com/made/m3', 'example.com/made/m10', 'example.com/part/p2@v1.0.7']) {
      const options = { workspace, cwd, goproxy, gosumdb: databaseKey() };
      const run = await goCommand(['get', module], options);
      assert.equal(run.code, 0, run.stderr);
    }
  },
);

test('every process makes the same files, and nothing else is there', async () => {
  const [one, other] = await Promise.all([openContent(CONTENT), openContent(CONTENT)]);
  for (const rest of ['list', '@latest', 'v1.1.0.info', 'v1.1.0.mod', 'v1.1.0.zip']) {
    const path = madePath(20, rest);
    const [made, again] = await Promise.all([one.answer(path), other.answer(path)]);
    assert.equal(made.status, 200, path);
    assert.ok(made.body.length > 0 && made.body.equals(again.body), path);
  }
  for (const path of [
    madePath(20, 'v1.3.0.zip'),
    '/example.com/made/x/@v/list',
    '/example.com/part/p20/@v/v1.0.1.mod',
    '/example.com/part/p2/@v/v2.0.0.mod',
    '/nothing',
  ])
    assert.equal((await one.answer(path)).status, 404, path);
  assert.equal((await one.answer(PROBE_FILE.path)).status, 200);
});

test('the other zip is one of another module', async () => {
  const { answer, otherZip } = await openContent(CONTENT);
  for (const module of [1, 2, 3]) {
    const path = madePath(module, 'v1.0.0.zip');
    const other = otherZip(path);
    assert.equal(other.status, 200);
    assert.ok(!other.body.equals((await answer(path)).body));
  }
});

test('the database has a version once it was looked up, and once only', async () => {
  const { answer } = await openContent(CONTENT);
  const ask = async (path: string) => (await answer(`/sumdb/sum.rondo.test${path}`)).body.toString();
  const size = async () => Number((await ask('/latest')).split('\n')[1]);
  assert.equal(await size(), 0);
  const asked = ['v1.0.0', 'v1.1.0', 'v1.0.0'].map((version) =>
    ask(`/lookup/example.com/made/m3@${version}`),
  );
  for (const said of await Promise.all(asked)) assert.match(said, /example\.com\/made\/m3 v1\.\d\.0 h1:/);
  assert.match(await ask('/lookup/example.com/made/m3@v1.9.0'), /^not found/);
  assert.equal(await size(), 2);
});

test('a load that knows the content tells right bodies from wrong ones', async (context) => {
  const t = reverseCleanup(context);
  const mirrors = await startMirrors(GOOD, t);
  const [baseUrl = ''] = mirrors.urls;
  const paths = ['v1.0.0.zip', 'v1.0.0.info', 'list', '@latest'].map((rest) => madePath(3, rest));
  const load = { baseUrl, paths, ratePerSecond: 200, durationMs: 200, seed: 1, connections: 'kept' } as const;
  const run = async () => {
    const { answers } = await runOpenLoop({ ...load, content: CONTENT }, t);
    return Map.groupBy(answers, ({ ending }) => ending);
  };
  assert.deepEqual([...(await run()).keys()], ['right']);
  await mirrors.setFault(0, { kind: 'corrupt', at: 'middle' }, { kinds: ['zip'] });
  await mirrors.setFault(0, { kind: 'stale-list' }, { kinds: ['list'] });
  const ends = await run();
  const wrong = new Set(ends.get('wrong')?.map(({ path }) => path));
  assert.deepEqual(wrong, new Set([paths[0], paths[2]]));
  assert.deepEqual(new Set(ends.keys()), new Set(['right', 'wrong']));
  const { body } = await fetchRaw(`${baseUrl}${paths[2]}`);
  assert.equal(body.toString(), 'v1.0.0\nv1.1.0\n');
});
