import assert from 'node:assert/strict';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filledCopy, type CommandEnd } from '../support/filled-copy.ts';
import { goCommand, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import { assertWorks, DATABASE, goSum, NEEDED, PROJECT, SERVED } from './bench.ts';
import { runRondo } from './rondo-command.ts';

/** Two modules, of which one uses the other, and none in the folder of the workspace itself. */
async function workspaceOfTwo(t: Cleanup): Promise<string> {
  const go = 'go 1.22\n';
  return tempProject(t, {
    'go.work': `${go}\nuse (\n\t./one\n\t./sub/two\n)\n`,
    'one/go.mod': (PROJECT['go.mod'] ?? '').replace(/^go .*$/m, go),
    'one/go.sum': PROJECT['go.sum'] ?? '',
    'one/main.go': PROJECT['main.go'] ?? '',
    'sub/two/go.mod': `module example.com/two\n\n${go}`,
    'sub/two/two.go': 'package two\n',
  });
}

type Vendoring = (
  cwd: string,
  env: Readonly<Record<string, string>>,
  ...args: string[]
) => Promise<CommandEnd>;

async function vendoring(t: Cleanup): Promise<Vendoring> {
  const copy = await filledCopy(t, [], { ...SERVED, database: DATABASE });
  const { modCache, gopath } = await goWorkspace(t);
  const go = { GOMODCACHE: modCache, GOCACHE: join(gopath, 'build'), GOFLAGS: '' };
  return (cwd, env, ...args) =>
    runRondo(t, ['sync', '--vendor', ...args], { env: { ...copy.env, ...go, ...env }, cwd });
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

await testWith(
  ['go'],
  '--vendor of a workspace: go takes its vendor folder for each module',
  async (context) => {
    const t = reverseCleanup(context);
    const vendor = await vendoring(t);
    const cwd = await workspaceOfTwo(t);
    // From within a module, too, go is in the workspace.
    const run = await vendor(join(cwd, 'sub', 'two'), {});
    assert.equal(run.code, 0, `${run.stdout}${run.stderr}`);
    assert.match(
      run.stderr,
      /vendor is whole: go list -mod=vendor works with it alone in the 2 modules of the/,
    );
    const settings = { workspace: await goWorkspace(t), goproxy: 'off', gosumdb: DATABASE.key };
    const build = { ...settings, env: { GOWORK: join(cwd, 'go.work') } };
    assertWorks(await goCommand(['build', '-mod=vendor', './one/...', './sub/two/...'], { ...build, cwd }));
  },
);

await testWith(
  ['go'],
  '--vendor with GOWORK=off, or of a module that is named, is of that module',
  async (context) => {
    const t = reverseCleanup(context);
    const vendor = await vendoring(t);
    const cwd = await workspaceOfTwo(t);
    const one = join(cwd, 'one');
    const asked: [string, Record<string, string>, ...string[]][] = [
      [one, { GOWORK: 'off' }],
      [cwd, {}, './one'],
    ];
    for (const [where, env, ...args] of asked) {
      const run = await vendor(where, env, ...args);
      assert.equal(run.code, 0, `${run.stdout}${run.stderr}`);
      assert.equal(await isThere(join(one, 'vendor', 'modules.txt')), true);
      assert.equal(await isThere(join(cwd, 'vendor')), false);
      await rm(join(one, 'vendor'), { recursive: true });
    }
  },
);

await testWith(
  ['go'],
  '--vendor of nothing but a go.sum is refused before anything is fetched',
  async (context) => {
    const t = reverseCleanup(context);
    const vendor = await vendoring(t);
    const cwd = await tempFolder(t, 'sums');
    const project = await tempProject(t, { 'go.sum': goSum(NEEDED) });
    const run = await vendor(cwd, {}, project);
    assert.deepEqual([run.code, run.stdout], [2, '']);
    assert.match(
      run.stderr,
      /^error: .*go\.sum alone is no module: --vendor needs the go\.mod or go\.work beside it/,
    );
  },
);
