import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatSize } from '../../src/kit/size.ts';
import { filledCopy, keyOf, type CommandEnd, type FilledCopy } from '../support/filled-copy.ts';
import { moduleOf } from '../support/fixture-world.ts';
import { goCommand, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import { assertWorks, chainOf, DATABASE, goSum, NEEDED, PROJECT, SERVED, WORLD } from './bench.ts';
import { runRondo, startRondo } from './rondo-command.ts';

/** A user with an empty copy and mirrors that have everything. */
const beginner = (t: Cleanup): Promise<FilledCopy> => filledCopy(t, [], { ...SERVED, database: DATABASE });

/** `rondo …` in a folder. */
function rondoIn(
  t: Cleanup,
  cwd: string,
  { env }: FilledCopy,
): (...args: readonly string[]) => Promise<CommandEnd> {
  return (...args) => runRondo(t, args, { env, cwd });
}

async function cutOff({ mirrors }: FilledCopy): Promise<void> {
  for (const mirror of mirrors) await mirror.setFault({ kind: 'refused' });
}

/** A build by somebody whose go has seen nothing, with GOSUMDB on and without a go.sum. */
async function buildFrom(t: Cleanup, goproxy: string): Promise<void> {
  const cwd = await tempProject(t, { ...PROJECT, 'go.sum': '' });
  const settings = { workspace: await goWorkspace(t), goproxy, gosumdb: DATABASE.key };
  assertWorks(await goCommand(['build', '-mod=mod', './...'], { ...settings, cwd }));
  assertWorks(await goCommand(['mod', 'download'], { ...settings, cwd }));
}

await testWith(
  ['go'],
  'a bundle, taken in on another machine, builds there without a network and a go.sum',
  async (context) => {
    const t = reverseCleanup(context);
    const copy = await beginner(t);
    const cwd = await tempProject(t, PROJECT);
    const rondo = rondoIn(t, cwd, copy);

    const dry = await rondo('sync', '--dry-run');
    assert.equal(dry.code, 1);
    assert.match(dry.stdout, /^LACKING {2}example\.com\/m@v1\.3\.0 \.zip: \d+ B$/m);
    assert.match(dry.stdout, /^LACKING {2}example\.com\/m@v1\.3\.0 \.mod$/m);
    assert.equal(dry.stdout.trim().split('\n').length, NEEDED.length * 3);
    const zipBytes = NEEDED.reduce((sum, { zip }) => sum + zip.length, 0);
    const missing = `missing: 5 zips of ${formatSize(zipBytes)}; missing: 10 small files`;
    assert.ok(dry.stderr.endsWith(`rondo: the copy has 0 of 15 files; ${missing}\n`), dry.stderr);
    assert.deepEqual(await readdir(join(copy.cacheDir, 'cache', 'download')), [], 'nothing was fetched');

    const synced = await rondo('sync', '--target', 'bundle.tar.zst');
    assert.deepEqual([synced.code, synced.stdout], [0, ''], synced.stderr);
    assert.match(synced.stderr, /^rondo: fetched 15 files, /m);
    const { size } = await stat(join(cwd, 'bundle.tar.zst'));
    const wrote = `rondo: wrote 15 files of `;
    const where = ` into ${join(cwd, 'bundle.tar.zst')}, which has ${formatSize(size)}\n`;
    assert.ok(synced.stderr.includes(wrote) && synced.stderr.includes(where), synced.stderr);
    assert.match(synced.stderr, /rondo cache import bundle\.tar\.zst --offline$/m);
    assert.deepEqual((await readdir(cwd)).sort(), ['bundle.tar.zst', 'go.mod', 'go.sum', 'main.go']);

    await cutOff(copy);
    const other = copy.withEnv({ RONDO_CACHE_DIR: await tempFolder(t, 'other') });
    const imported = await rondoIn(t, cwd, other)('cache', 'import', 'bundle.tar.zst', '--offline');
    assert.deepEqual([imported.code, imported.stdout], [0, ''], imported.stderr);
    const server = await other.serve({ offline: true });
    await buildFrom(t, server.url);
    assert.equal(await server.stop(), 0);
    // Nothing is left of the unpacked bundle.
    assert.deepEqual(await readdir(join(other.cacheDir, 'rondo', 'spool')), []);

    const again = await rondo('sync', '--offline');
    assert.equal(again.code, 2, 'it has no such flag');
  },
);

await testWith(['go'], 'a folder for file://, from several projects and a workspace', async (context) => {
  const t = reverseCleanup(context);
  const copy = await beginner(t);
  const [first, ...others] = NEEDED;
  assert.ok(first !== undefined);
  const workspace = await tempProject(t, {
    'go.work': 'go 1.21\n\nuse (\n\t./one\n\t./two\n)\n',
    'one/go.mod': `module example.com/one\n\ngo 1.21\n\nrequire ${first.path} ${first.version}\n`,
    'one/go.sum': goSum([first]),
    'two/go.mod': 'module example.com/two\n\ngo 1.21\n',
    'go.work.sum': goSum(others.slice(0, 2)),
  });
  const project = await tempProject(t, PROJECT);
  const target = join(await tempFolder(t, 'stick'), 'proxy');
  const run = await rondoIn(t, project, copy)('sync', workspace, '.', '--target', target, '--json');
  assert.equal(run.code, 0, run.stderr);
  const page = JSON.parse(run.stdout) as { version: number; filled: { fetched: number; already: number } };
  assert.deepEqual([page.version, page.filled.fetched, page.filled.already], [1, 15, 0]);
  await cutOff(copy);
  await buildFrom(t, pathToFileURL(target).href);
});

await testWith(
  ['go'],
  'what no mirror has comes from the module cache of go, if go.sum vouches for it, or keeps the target as it was',
  async (context) => {
    const t = reverseCleanup(context);
    const copy = await beginner(t);
    const gone = moduleOf(WORLD, 'example.com/leaf', 'v1.1.0');
    const cwd = await tempProject(t, PROJECT);
    const goEnv = await goWorkspace(t);
    const settings = { workspace: goEnv, cwd, goproxy: chainOf(copy.mirrors), gosumdb: DATABASE.key };
    assertWorks(await goCommand(['mod', 'download'], settings));
    const left = WORLD.modules.filter((module) => module !== gone);
    for (const mirror of copy.mirrors) await mirror.publish({ modules: left, database: DATABASE });

    const without = await rondoIn(t, cwd, copy)('sync', '--target', './proxy');
    assert.equal(without.code, 1, without.stderr);
    assert.match(without.stdout, /^MISSING {2}example\.com\/leaf@v1\.1\.0 \.zip: /m);
    assert.match(without.stderr, /the target is as it was/);
    assert.match(without.stderr, /go mod download\), then the same command again/);
    await assert.rejects(readdir(join(cwd, 'proxy')), { code: 'ENOENT' });

    const withGo = rondoIn(t, cwd, copy.withEnv({ GOMODCACHE: goEnv.modCache }));
    const done = await withGo('sync', '--target', './proxy');
    assert.deepEqual([done.code, done.stdout], [0, ''], done.stderr);
    assert.match(done.stderr, /3 came from go's own cache/);
    assert.match(done.stderr, /^rondo: wrote 15 files of .* into .*proxy$/m);
    await buildFrom(t, pathToFileURL(join(cwd, 'proxy')).href);
  },
);

await testWith(['go'], 'ended by force in the middle, it goes on, and says so', async (context) => {
  const t = reverseCleanup(context);
  const copy = await beginner(t);
  const cwd = await tempProject(t, PROJECT);
  // The zips hang: by then the small files are there.
  for (const mirror of copy.mirrors) await mirror.setFault({ kind: 'hang' }, { match: /\.zip$/ });
  const first = startRondo(t, ['sync'], { env: copy.env, cwd });
  for (const module of NEEDED) {
    const path = copy.pathOf(keyOf(module, 'mod'));
    while ((await readFile(path).catch(() => undefined)) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }
  first.child.kill('SIGKILL');
  await first.ended;
  for (const mirror of copy.mirrors) await mirror.clearFaults();
  const second = await rondoIn(t, cwd, copy)('sync');
  assert.equal(second.code, 0, second.stderr);
  const [, fetched, already] =
    /fetched (\d+) files, [^;]*; (\d+) of 15 were there already/.exec(second.stderr) ?? [];
  assert.equal(Number(fetched) + Number(already), 15, second.stderr);
  assert.ok(Number(already) >= NEEDED.length);
});

await testWith(
  ['go'],
  '--vendor writes the vendor folder out of the copy, and go proves it',
  async (context) => {
    const t = reverseCleanup(context);
    const copy = await beginner(t);
    const cwd = await tempProject(t, PROJECT);
    const workspace = await goWorkspace(t);
    const env = { GOMODCACHE: workspace.modCache, GOCACHE: join(workspace.gopath, 'build'), GOFLAGS: '' };
    const run = await rondoIn(t, cwd, copy.withEnv(env))('sync', '--vendor');
    assert.equal(run.code, 0, `${run.stdout}${run.stderr}`);
    assert.match(run.stderr, /vendor is whole: go list -mod=vendor \.\/\.\.\. works with it alone\n$/);
    await cutOff(copy);
    const settings = { workspace: await goWorkspace(t), cwd, goproxy: 'off', gosumdb: DATABASE.key };
    assertWorks(await goCommand(['build', '-mod=vendor', './...'], settings));
  },
);

await testWith(['go'], '--every: what go.mod needs later is there later, until Ctrl-C', async (context) => {
  const t = reverseCleanup(context);
  const copy = await beginner(t);
  const [first] = NEEDED;
  assert.ok(first !== undefined);
  const cwd = await tempProject(t, { 'go.mod': PROJECT['go.mod'] ?? '', 'go.sum': goSum([first]) });
  await writeFile(join(cwd, 'go.mod'), 'module example.com/project\n');
  const running = startRondo(t, ['sync', '--every', '1s'], { env: copy.env, cwd });
  await running.written(/fetched 3 files[^]*again in/);
  // In the middle of being edited.
  await writeFile(join(cwd, 'go.sum'), 'half line\n');
  await running.written(/\(E_GO_SUM\)[^]*again in/);
  await writeFile(join(cwd, 'go.sum'), goSum(NEEDED));
  await running.written(/fetched 12 files/);
  await running.written(/fetched 12 files[^]*again in/);
  running.child.kill('SIGINT');
  assert.equal(await running.ended, 0, running.stderr());
});

await testWith(['go'], 'slips: no project, an unknown target, an empty go.sum', async (context) => {
  const t = reverseCleanup(context);
  const copy = await beginner(t);
  const empty = await tempFolder(t, 'empty');
  const none = await rondoIn(t, empty, copy)('sync', '.');
  assert.equal(none.code, 2);
  assert.match(
    none.stderr,
    /there is no go\.mod, go\.work or go\.sum in .*\nhint: name the folder of a project\n$/,
  );
  const target = await rondoIn(t, await tempProject(t, PROJECT), copy)('sync', '--target', 'prod');
  assert.equal(target.code, 2);
  assert.match(target.stderr, /there is no target prod in the configuration[^]*--target \.\/prod/);
  const unsummed = await tempProject(t, { ...PROJECT });
  await rm(join(unsummed, 'go.sum'));
  const run = await rondoIn(t, unsummed, copy)('sync');
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stderr, /has no go\.sum beside it: .* run go mod tidy/);
  await writeFile(join(empty, 'go.mod'), 'module example.com/nothing\n');
  const nothing = await rondoIn(t, empty, copy)('sync');
  assert.equal(nothing.code, 0, nothing.stderr);
});

await testWith(
  ['go'],
  'another Rondo is asked for everything, and can build without a network then',
  async (context) => {
    const t = reverseCleanup(context);
    const copy = await beginner(t);
    const cwd = await tempProject(t, PROJECT);
    const other = copy.withEnv({ RONDO_CACHE_DIR: await tempFolder(t, 'other') });
    const server = await other.serve();
    const run = await rondoIn(t, cwd, copy)('sync', '--target', server.url);
    assert.deepEqual([run.code, run.stdout], [0, ''], run.stderr);
    assert.match(run.stderr, /the other Rondo gave 15 files/);
    assert.equal(await server.stop(), 0);
    const held = await rondoIn(t, cwd, other)('verify');
    assert.equal(held.code, 0, held.stdout);
    const nobody = await rondoIn(t, cwd, copy)('sync', '--target', server.url);
    // Nobody is there: it is not asked for each file, and that is no finding about any of them.
    assert.equal(nobody.code, 3, nobody.stderr);
    assert.match(nobody.stdout, /^REFUSED {2}\S+ \.\w+ and 14 more: /);
    assert.equal(nobody.stdout.trim().split('\n').length, 1);
  },
);

await testWith(
  ['go'],
  'a target by its name in the configuration; not by that of a checkout; in Chinese too',
  async (context) => {
    const t = reverseCleanup(context);
    const copy = await beginner(t);
    const cwd = await tempProject(t, PROJECT);
    const config = join(copy.home, '.config', 'rondo', '.goproxy');
    await mkdir(dirname(config), { recursive: true });
    await writeFile(config, '[target "stick"]\nto = ~/stick/go.tar.zst\n[target "lab"]\nto = ~/lab\n');
    await mkdir(join(copy.home, 'stick'));
    // The checkout would have it elsewhere.
    await writeFile(join(cwd, '.goproxy'), '[target "stick"]\nto = ./here\n[target "more"]\nto = ./more\n');
    const rondo = rondoIn(t, cwd, copy);
    const synced = await rondo('sync', '--target', 'stick', '--lang', 'zh');
    assert.deepEqual([synced.code, synced.stdout], [0, ''], synced.stderr);
    assert.match(synced.stderr, /已忽略 target\.stick\.to，target\.more\.to/);
    assert.match(synced.stderr, /^rondo: 已获取 15 个文件，/m);
    assert.match(synced.stderr, /在另一台机器上使用：rondo cache import go\.tar\.zst --offline\n$/);
    assert.ok((await stat(join(copy.home, 'stick', 'go.tar.zst'))).isFile());
    assert.deepEqual((await readdir(cwd)).sort(), ['.goproxy', 'go.mod', 'go.sum', 'main.go']);
    const more = await rondo('sync', '--target', 'more');
    assert.equal(more.code, 2);
    assert.match(
      more.stderr,
      /ignored target[^]*there is no target more in the configuration \(E_USAGE\)\nhint: one of stick, lab; for a folder of that name: --target \.\/more\n$/,
    );
  },
);
