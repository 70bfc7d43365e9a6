import assert from 'node:assert/strict';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { filledCopy, type FilledCopy } from '../support/filled-copy.ts';
import { hash1, type FixtureModule } from '../support/fixture-modules.ts';
import { goCommand, goEnvironment, goWorkspace, type GoWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { execRondo, reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import { assertWorks, chainOf, NEEDED, SERVED, UNSUMMED_PROJECT, WORLD } from './bench.ts';

const H1 = hash1(new Map());

/** Days of one database: what is needed first stands in the tree of the first day, the rest only in the second. */
function threeDays(): readonly [ChecksumDatabase, ChecksumDatabase, ChecksumDatabase] {
  const database = new ChecksumDatabase();
  let filler = 0;
  const fill = (count: number): void => {
    for (const end = filler + count; filler < end; filler += 1) {
      database.add(`example.com/filler/n${filler}`, 'v1.0.0', H1, H1);
    }
  };
  const [first, ...others] = NEEDED;
  fill(290);
  if (first !== undefined) database.add(first.path, first.version, first.zipH1, first.modH1);
  fill(270);
  const before = database.copy();
  // No record that is needed stands in the tile at the edge of the first day.
  fill(300);
  for (const { path, version, zipH1, modH1 } of [...others, ...WORLD.modules]) {
    if (path !== first?.path) database.add(path, version, zipH1, modH1);
  }
  fill(400);
  const after = database.copy();
  fill(300);
  return [before, after, database];
}

const [MONDAY, TUESDAY, WEDNESDAY] = threeDays();

/** A GOMODCACHE that one user has filled on both days, and the copy of another who has nothing yet. */
async function connectedSide(t: Cleanup): Promise<{ copy: FilledCopy; modCache: string }> {
  const copy = await filledCopy(t, [], { ...SERVED, database: MONDAY });
  const workspace = await goWorkspace(t);
  const settings = { workspace, goproxy: chainOf(copy.mirrors), gosumdb: MONDAY.key };
  const [first] = NEEDED as [FixtureModule];
  const early = await tempProject(t, { 'go.mod': 'module example.com/p\n\ngo 1.21\n' });
  assertWorks(
    await goCommand(['mod', 'download', `${first.path}@${first.version}`], { ...settings, cwd: early }),
  );
  for (const mirror of copy.mirrors) await mirror.publish({ ...WORLD, database: TUESDAY });
  const cwd = await tempProject(t, UNSUMMED_PROJECT);
  assertWorks(await goCommand(['mod', 'download'], { ...settings, cwd }));
  return { copy, modCache: workspace.modCache };
}

async function cutOff(copy: FilledCopy): Promise<void> {
  for (const mirror of copy.mirrors) await mirror.setFault({ kind: 'refused' });
}

/** A build of somebody whose go has seen nothing, with GOSUMDB on and without a go.sum. */
async function buildFrom(t: Cleanup, goproxy: string, workspace?: GoWorkspace): Promise<void> {
  const cwd = await tempProject(t, UNSUMMED_PROJECT);
  const settings = { workspace: workspace ?? (await goWorkspace(t)), goproxy, gosumdb: MONDAY.key };
  assertWorks(await goCommand(['build', '-mod=mod', './...'], { ...settings, cwd }));
}

await testWith(
  ['go'],
  'import, then a server without a network, an export, and an import of that: a fresh go with GOSUMDB on builds from each',
  async (context) => {
    const t = reverseCleanup(context);
    const { copy, modCache } = await connectedSide(t);
    const imported = await copy.rondo('cache', 'import', modCache);
    assert.deepEqual([imported.code, imported.stdout], [0, ''], imported.stderr);
    assert.match(
      imported.stderr,
      new RegExp(
        `\\nrondo: sealed ${NEEDED.length} records of sum\\.rondo\\.test in its tree of ${TUESDAY.size}\\n$`,
      ),
    );
    await cutOff(copy);

    const env = goEnvironment({
      workspace: await goWorkspace(t),
      goproxy: chainOf(copy.mirrors),
      gosumdb: MONDAY.key,
    });
    const cwd = await tempProject(t, UNSUMMED_PROJECT);
    const build = ['go', 'build', '-mod=mod', './...'];
    const offline = await execRondo(t, build, { env, cwd, cacheDir: copy.cacheDir, offline: true });
    assert.equal(offline.code, 0, offline.stderr);

    const folder = join(await tempFolder(t, 'stick'), 'proxy');
    const exported = await copy.rondo('cache', 'export', folder);
    assert.deepEqual([exported.code, exported.stdout], [0, ''], exported.stderr);
    await buildFrom(t, pathToFileURL(folder).href);
    // And the folder of the copy itself, since it is sealed.
    await buildFrom(t, pathToFileURL(join(copy.cacheDir, 'cache', 'download')).href);

    const other = copy.withEnv({ RONDO_CACHE_DIR: await tempFolder(t, 'other') });
    const again = await other.rondo('cache', 'import', folder, '--offline');
    assert.deepEqual([again.code, again.stdout], [0, ''], again.stderr);
    const server = await other.serve({ offline: true });
    await buildFrom(t, server.url);
  },
);

/** Another machine of the user of `workspace`: what their go remembers of the database, and an empty GOMODCACHE. */
async function elsewhere(t: Cleanup, workspace: GoWorkspace): Promise<GoWorkspace> {
  const other = await goWorkspace(t);
  await mkdir(join(other.gopath, 'pkg'), { recursive: true });
  await cp(join(workspace.gopath, 'pkg', 'sumdb'), join(other.gopath, 'pkg', 'sumdb'), { recursive: true });
  return other;
}

/** A go that has asked the mirrors of `copy` for one module on a day when they had `database`. */
async function goOf(t: Cleanup, database: ChecksumDatabase, copy: FilledCopy): Promise<GoWorkspace> {
  for (const mirror of copy.mirrors) await mirror.publish({ ...WORLD, database });
  const workspace = await goWorkspace(t);
  const [{ path, version }] = NEEDED as [FixtureModule];
  const cwd = await tempProject(t, { 'go.mod': 'module example.com/p\n\ngo 1.21\n' });
  const settings = { workspace, cwd, goproxy: chainOf(copy.mirrors), gosumdb: database.key };
  assertWorks(await goCommand(['mod', 'download', `${path}@${version}`], settings));
  return workspace;
}

await testWith(
  ['go'],
  'a go that has seen an older tree builds from an export, too, of a copy that was imported, or that has served that tree',
  async (context) => {
    const t = reverseCleanup(context);
    const { copy, modCache } = await connectedSide(t);
    const [monday, tuesday, wednesday] = [
      await goOf(t, MONDAY, copy),
      await goOf(t, TUESDAY, copy),
      await goOf(t, WEDNESDAY, copy),
    ];
    for (const mirror of copy.mirrors) await mirror.publish({ ...WORLD, database: TUESDAY });
    assert.equal((await copy.rondo('cache', 'import', modCache)).code, 0);

    const served = copy.withEnv({ RONDO_CACHE_DIR: await tempFolder(t, 'served') });
    for (const database of [MONDAY, TUESDAY]) {
      for (const mirror of copy.mirrors) await mirror.publish({ ...WORLD, database });
      const server = await served.serve();
      const cwd = await tempProject(t, UNSUMMED_PROJECT);
      const what =
        database === TUESDAY ? [] : NEEDED.slice(0, 1).map(({ path, version }) => `${path}@${version}`);
      const settings = { workspace: await goWorkspace(t), cwd, goproxy: server.url, gosumdb: MONDAY.key };
      assertWorks(await goCommand(['mod', 'download', ...what], settings));
      assert.equal(await server.stop(), 0);
    }
    assert.equal((await served.rondo('cache', 'seal')).code, 0);
    await cutOff(copy);

    for (const each of [copy, served]) {
      const folder = join(await tempFolder(t, 'stick'), 'proxy');
      const exported = await each.rondo('cache', 'export', folder);
      assert.deepEqual([exported.code, exported.stdout], [0, ''], exported.stderr);
      for (const from of [folder, join(each.cacheDir, 'cache', 'download')])
        for (const workspace of [monday, tuesday])
          await buildFrom(t, pathToFileURL(from).href, await elsewhere(t, workspace));
      // And what was imported from there knows the same trees.
      const other = each.withEnv({ RONDO_CACHE_DIR: await tempFolder(t, 'other') });
      const imported = await other.rondo('cache', 'import', folder, '--offline');
      assert.deepEqual([imported.code, imported.stdout], [0, ''], imported.stderr);
      const server = await other.serve({ offline: true });
      await buildFrom(t, server.url, await elsewhere(t, monday));
      assert.equal(await server.stop(), 0);
      // The words of the guide.
      const cwd = await tempProject(t, UNSUMMED_PROJECT);
      const workspace = await elsewhere(t, wednesday);
      const settings = { workspace, cwd, goproxy: pathToFileURL(folder).href, gosumdb: MONDAY.key };
      const newer = await goCommand(['build', '-mod=mod', './...'], settings);
      assert.notEqual(newer.code, 0);
      const words = newer.stderr.replaceAll(/\s+/g, ' ');
      const said = `initializing sumdb.Client: checking tree#${WEDNESDAY.size}: reading file:`;
      assert.ok(words.includes(said), words);
      assert.match(words, /\/tile\/8\/\S+: no such file or directory/);
    }
  },
);

await testWith(
  ['go'],
  'seal: complete after a build, by command, and what is missing is named',
  async (context) => {
    const t = reverseCleanup(context);
    const { copy } = await connectedSide(t);
    const env = goEnvironment({
      workspace: await goWorkspace(t),
      goproxy: chainOf(copy.mirrors),
      gosumdb: MONDAY.key,
    });
    const cwd = await tempProject(t, UNSUMMED_PROJECT);
    const fetched = await execRondo(t, ['go', 'mod', 'download'], { env, cwd, cacheDir: copy.cacheDir });
    assert.equal(fetched.code, 0, fetched.stderr);
    const sealed = await copy.rondo('cache', 'seal', '--json');
    assert.equal(sealed.code, 0, sealed.stdout);
    const page = JSON.parse(sealed.stdout) as {
      version: number;
      databases: { sealed: number; treeSize: number }[];
    };
    assert.deepEqual(
      [page.version, page.databases[0]?.sealed, page.databases[0]?.treeSize],
      [1, NEEDED.length, TUESDAY.size],
    );
    await cutOff(copy);
    await buildFrom(t, pathToFileURL(join(copy.cacheDir, 'cache', 'download')).href);
    const again = await copy.rondo('cache', 'seal', '--offline');
    assert.deepEqual([again.code, again.stdout], [0, ''], again.stderr);

    const none = copy.withEnv({ RONDO_CACHE_DIR: await tempFolder(t, 'none') });
    const nothing = await none.rondo('cache', 'seal', '--offline');
    assert.equal(nothing.code, 0);
    assert.match(nothing.stderr, /^rondo: the copy has no checksum records$/m);
  },
);
