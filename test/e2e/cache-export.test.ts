import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { filledCopy, keyOf, type FilledCopy } from '../support/filled-copy.ts';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { hash1, type FixtureModule } from '../support/fixture-modules.ts';
import { goCommand, goWorkspace, type GoRun } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import {
  assertWorks,
  DATABASE,
  filesBelow,
  goSum,
  NEEDED,
  PROJECT,
  SERVED,
  sha256,
  UNSUMMED_PROJECT,
  WORLD,
} from './bench.ts';

/** A copy of everything, and mirrors that are gone since then. */
async function copyOfAll(t: Cleanup, database: ChecksumDatabase = DATABASE): Promise<FilledCopy> {
  const copy = await filledCopy(t, WORLD.modules, { ...SERVED, database });
  for (const mirror of copy.mirrors) await mirror.setFault({ kind: 'refused' });
  return copy;
}

/** Of so many records that it has tiles on two levels, full ones and others. */
function largeDatabase(): ChecksumDatabase {
  const database = new ChecksumDatabase();
  const fill = (count: number): void => {
    for (let nth = 0; nth < count; nth += 1) {
      database.add(`example.com/filler${database.size}`, 'v1.0.0', hash1(new Map()), hash1(new Map()));
    }
  };
  fill(300);
  for (const { path, version, zipH1, modH1 } of WORLD.modules) database.add(path, version, zipH1, modH1);
  fill(400);
  return database;
}

/** A `go` that has nothing but the folder. */
async function goFrom(
  t: Cleanup,
  folder: string,
  files: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<GoRun> {
  const workspace = await goWorkspace(t);
  const goproxy = pathToFileURL(folder).href;
  return goCommand(args, { workspace, cwd: await tempProject(t, files), goproxy });
}

/** The module files below a folder, without lists. */
const versionFiles = async (folder: string): Promise<string[]> =>
  (await filesBelow(folder)).filter((name) => /\/@v\/v/.test(name)).toSorted();

await testWith(
  ['go'],
  'go builds from what was exported, with no server at all, and resolves queries',
  async (context) => {
    const t = reverseCleanup(context);
    const copy = await copyOfAll(t);
    const folder = join(await tempFolder(t, 'export'), 'proxy');
    const run = await copy.rondo('cache', 'export', folder);
    assert.deepEqual([run.code, run.stdout], [0, ''], run.stderr);
    assert.match(
      run.stderr,
      /^rondo: exported \d+ files, .*\nrondo: to use it: GOPROXY=file:\/\/.*\/proxy\n$/m,
    );
    assertWorks(await goFrom(t, folder, PROJECT, 'build', './...'));
    const newest = await goFrom(t, folder, PROJECT, 'list', '-m', '-versions', 'example.com/leaf');
    assert.equal(newest.stdout, 'example.com/leaf v1.0.0 v1.1.0 v1.2.0-rc.1\n', newest.stderr);
    const latest = await goFrom(
      t,
      folder,
      { 'go.mod': 'module example.com/p\n\ngo 1.21\n' },
      'get',
      'example.com/leaf',
    );
    assert.match(latest.stderr, /go: added example\.com\/leaf v1\.1\.0/, 'without @latest go takes the list');
    assert.equal(
      (await goFrom(t, folder, { 'go.mod': 'module example.com/p\n' }, 'get', 'example.com/none')).code,
      1,
    );
  },
);

test('a selection: versions by name, and the lines of go.sum; what is missing is named', async (context) => {
  const t = reverseCleanup(context);
  const copy = await copyOfAll(t);
  const [first, second] = NEEDED as [FixtureModule, FixtureModule];
  const one = await tempFolder(t, 'one');
  const named = await copy.rondo(
    'cache',
    'export',
    one,
    `${first.path}@${first.version}`,
    'example.com/none@v1.0.0',
  );
  assert.equal(named.code, 1);
  assert.deepEqual(named.stdout.split('\n').filter(Boolean), [
    'MISSING  example.com/none@v1.0.0 .mod: not in the copy',
    'MISSING  example.com/none@v1.0.0 .zip: not in the copy',
  ]);
  assert.deepEqual(
    await versionFiles(one),
    ['info', 'mod', 'zip'].map((kind) => keyOf(first, kind)),
  );
  assert.equal(await readFile(join(one, first.path, '@v', 'list'), 'utf8'), `${first.version}\n`);

  const two = await tempFolder(t, 'two');
  const sums = goSum([first, second]).replace(/^.*\n/, '');
  await writeFile(join(copy.home, 'go.sum'), sums);
  const bySum = await copy.rondo('cache', 'export', two, '--go-sum', 'go.sum', '--json');
  assert.equal(bySum.code, 0, bySum.stdout);
  const expected = [
    keyOf(first, 'info'),
    keyOf(first, 'mod'),
    ...['info', 'mod', 'zip'].map((kind) => keyOf(second, kind)),
  ];
  assert.deepEqual(await versionFiles(two), expected.toSorted());
  const lying = sums.replaceAll(second.zipH1, first.zipH1);
  await writeFile(join(copy.home, 'go.sum'), lying);
  const three = await tempFolder(t, 'three');
  const refused = await copy.rondo('cache', 'export', three, '--go-sum', 'go.sum');
  assert.deepEqual(
    [refused.code, refused.stdout],
    [4, `WRONG  ${second.path}@${second.version} .zip: go.sum has another hash for it\n`],
  );
});

test('a second run goes on, equal files stay, foreign ones are named and not touched, damaged ones are not exported', async (context) => {
  const t = reverseCleanup(context);
  const copy = await copyOfAll(t);
  const folder = await tempFolder(t, 'export');
  const [kept, gone, foreign, damaged] = NEEDED as [
    FixtureModule,
    FixtureModule,
    FixtureModule,
    FixtureModule,
  ];
  assert.equal((await copy.rondo('cache', 'export', folder)).code, 0);
  const before = await contents(folder);
  await rm(join(folder, keyOf(gone, 'zip')));
  // One that was ended has written no lists.
  await rm(join(folder, dirname(keyOf(kept, 'zip')), 'list'));
  const complete = await copy.rondo('cache', 'export', folder, '--json');
  const { exported, already } = JSON.parse(complete.stdout) as { exported: number; already: number };
  assert.deepEqual([complete.code, exported, already > 0], [0, 1, true]);
  assert.deepEqual(await contents(folder), before);

  await writeFile(join(folder, keyOf(foreign, 'mod')), 'module example.com/of-somebody-else\n');
  await rm(join(folder, keyOf(damaged, 'zip')));
  await writeFile(copy.pathOf(keyOf(damaged, 'zip')), kept.zip);
  const run = await copy.rondo('cache', 'export', folder);
  assert.equal(run.code, 4);
  const lines = run.stdout.split('\n').filter(Boolean);
  assert.equal(lines.length, 2, run.stdout);
  assert.ok(lines.some((line) => line.startsWith(`FOREIGN  ${foreign.path}@${foreign.version} .mod: `)));
  assert.ok(lines.some((line) => line.startsWith(`WRONG  ${damaged.path}@${damaged.version} .zip: `)));
  assert.equal(
    await readFile(join(folder, keyOf(foreign, 'mod')), 'utf8'),
    'module example.com/of-somebody-else\n',
  );
  assert.ok(!(await filesBelow(folder)).includes(keyOf(damaged, 'zip')));
  const atFirst = await readdir(copy.cacheDir);
  for (const inside of [copy.cacheDir, join(copy.cacheDir, 'new', 'folder')]) {
    const refused = await copy.rondo('cache', 'export', inside);
    assert.deepEqual([refused.code, refused.stdout], [2, '']);
    assert.match(refused.stderr, /lies in the copy itself \(E_USAGE\)/);
  }
  assert.deepEqual(await readdir(copy.cacheDir), atFirst, 'nothing is made before it is refused');
});

test('nothing is written behind links that somebody has put into the folder', async (context) => {
  const t = reverseCleanup(context);
  const [module] = NEEDED as [FixtureModule];
  const copy = await filledCopy(t, [module]);
  const documents = join(copy.home, 'documents');
  const stick = join(copy.home, 'stick');
  await mkdir(documents);
  for (const name of ['list', 'latest']) await writeFile(join(documents, name), `my ${name}`);
  await mkdir(join(stick, module.path), { recursive: true });
  await symlink(documents, join(stick, module.path, '@v'));
  const versions = await copy.rondo('cache', 'export', stick);
  assert.equal(versions.code, 1, versions.stderr);
  assert.match(
    versions.stdout,
    /^FAILED .*\.zip: .*\/@v is, or lies behind, a link, which is not followed$/m,
  );
  await mkdir(join(stick, 'sumdb'), { recursive: true });
  await rm(join(stick, 'sumdb', copy.database.name), { recursive: true, force: true });
  await symlink(documents, join(stick, 'sumdb', copy.database.name));
  const records = await copy.rondo('cache', 'export', stick);
  assert.equal(records.code, 2, records.stderr);
  assert.match(records.stderr, /sumdb\/.* is, or lies behind, a link, which is not followed \(E_STORE\)/);
  assert.deepEqual((await readdir(documents)).toSorted(), ['latest', 'list']);
  for (const name of ['list', 'latest'])
    assert.equal(await readFile(join(documents, name), 'utf8'), `my ${name}`);
});

async function contents(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await filesBelow(folder)).toSorted();
  const sums = names.map(async (name) => [name, sha256(await readFile(join(folder, name)))] as const);
  return new Map(await Promise.all(sums));
}

await testWith(
  ['go'],
  'GOSUMDB on, no go.sum, a client that has seen nothing, and no server: the folder is enough',
  async (context) => {
    const t = reverseCleanup(context);
    const database = largeDatabase();
    const copy = await copyOfAll(t, database);
    const folder = join(await tempFolder(t, 'export'), 'proxy');
    const run = await copy.rondo('cache', 'export', folder, '--json');
    assert.equal(run.code, 0, `${run.stdout}${run.stderr}`);
    const page = JSON.parse(run.stdout) as {
      records: number;
      trees: Record<string, number>;
      unsealed: unknown[];
    };
    assert.deepEqual(page.unsealed, []);
    assert.deepEqual(page.trees, { [database.name]: database.size });
    const workspace = await goWorkspace(t);
    const settings = { workspace, goproxy: pathToFileURL(folder).href, gosumdb: database.key };
    const cwd = await tempProject(t, UNSUMMED_PROJECT);
    assertWorks(await goCommand(['build', '-mod=mod', './...'], { ...settings, cwd }));
    const sums = (await readFile(join(cwd, 'go.sum'), 'utf8')).split('\n');
    for (const line of goSum(NEEDED).trim().split('\n')) assert.ok(sums.includes(line), line);
    // Tiles as wide as the tree has them, and nothing of any other width.
    const tiles = (await filesBelow(join(folder, 'sumdb', database.name, 'tile'))).toSorted();
    assert.deepEqual(tiles, ['8/0/001', '8/0/002.p/203', '8/1/000.p/2']);

    const single = join(await tempFolder(t, 'single'), 'proxy');
    const [module] = NEEDED as [FixtureModule];
    assert.equal((await copy.rondo('cache', 'export', single, `${module.path}@${module.version}`)).code, 0);
    assert.equal((await copy.rondo('cache', 'export', single, 'example.com/leaf')).code, 0, 'more, later');
    const more = await goCommand(
      ['mod', 'download', `${module.path}@${module.version}`, 'example.com/leaf@v1.0.0'],
      {
        ...settings,
        workspace: await goWorkspace(t),
        goproxy: pathToFileURL(single).href,
        cwd: await tempProject(t, { 'go.mod': 'module example.com/p\n\ngo 1.21\n' }),
      },
    );
    assertWorks(more);
  },
);

test('records of which the copy lacks the proof are named; a folder with a newer tree is left as it is', async (context) => {
  const t = reverseCleanup(context);
  const copy = await copyOfAll(t);
  const folder = await tempFolder(t, 'export');
  const tile = copy.pathOf(`sumdb/${DATABASE.name}/tile/8/0/000.p/${DATABASE.size}`);
  const bytes = await readFile(tile);
  await rm(tile);
  const [module] = NEEDED as [FixtureModule];
  const word = `${module.path}@${module.version}`;
  const run = await copy.rondo('cache', 'export', folder, word);
  assert.equal(run.code, 1, run.stderr);
  assert.match(
    run.stdout,
    new RegExp(`^UNSEALED {2}${word}: offline, and the copy cannot prove it without `),
  );
  assert.ok(!(await filesBelow(folder)).some((name) => name.startsWith('sumdb/')));

  await writeFile(tile, bytes);
  const newer = DATABASE.copy();
  newer.add('example.com/later', 'v1.0.0', module.zipH1, module.modH1);
  await mkdir(join(folder, 'sumdb', DATABASE.name), { recursive: true });
  await writeFile(join(folder, 'sumdb', DATABASE.name, 'latest'), newer.treeHead());
  const later = await copy.rondo('cache', 'export', folder, word);
  assert.deepEqual(
    [later.code, later.stdout],
    [1, `UNSEALED  ${word}: the folder has records under a newer tree\n`],
  );
});
