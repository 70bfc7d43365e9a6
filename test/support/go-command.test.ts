import assert from 'node:assert/strict';
import { access, mkdir, readFile, writeFile, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ChecksumDatabase } from './checksum-database.ts';
import { manyModules } from './fixture-modules.ts';
import { goPlatform, moduleOf, standardWorld, TOOLCHAIN_WORDS, UNTAGGED_VERSION } from './fixture-world.ts';
import { goCommand, goWorkspace, type GoRun } from './go-command.ts';
import './loopback-only.ts';
import { createMirrorServer, type Mirror, type MirrorWorld } from './mirror-server.ts';
import { testWith } from './requirements.ts';
import { removeTree, tempFolder, tempProject } from './temp-folder.ts';

const world = await standardWorld();
const MAIN = `package main

import (
	"example.com/tree"
	"example.com/m"
)

func main() { println(tree.Name(), m.Name()) }
`;
const GO_MOD = `module example.com/project

go 1.21
`;

type Bench = {
  readonly mirror: Mirror;
  readonly cwd: string;
  readonly go: (...args: string[]) => Promise<GoRun>;
};

/** A project, a fresh user and a mirror with its database, all of which go with the test. */
async function bench(
  t: TestContext,
  served: MirrorWorld,
  env: Readonly<Record<string, string>> = {},
): Promise<Bench> {
  const mirror = await createMirrorServer(served);
  t.after(() => mirror.stop());
  const workspace = await goWorkspace(t);
  const cwd = await tempProject(t, { 'go.mod': GO_MOD, 'main.go': MAIN });
  const gosumdb = served.database?.key ?? 'off';
  return {
    mirror,
    cwd,
    go: (...args) => goCommand(args, { workspace, cwd, goproxy: mirror.url, gosumdb, env }),
  };
}

/** Fails with what `go` said. */
function assertWorks(run: GoRun): void {
  assert.equal(run.code, 0, run.stderr);
}

await testWith(['go'], 'go builds from a mirror with GOSUMDB on and an empty go.sum', async (t) => {
  const { mirror, cwd, go } = await bench(t, { ...world, database: ChecksumDatabase.over(world.modules) });
  assertWorks(await go('mod', 'tidy'));
  const sums = await readFile(join(cwd, 'go.sum'), 'utf8');
  const caps = moduleOf(world, 'github.com/Fixture/Caps', 'v1.0.0');
  assert.ok(
    sums.includes(`${caps.path} ${caps.version} ${caps.zipH1}\n`),
    'our h1 is the one that go computed',
  );
  assert.ok(sums.includes(`${caps.path} ${caps.version}/go.mod ${caps.modH1}\n`));
  const built = await go('run', '.');
  assertWorks(built);
  assert.match(
    built.stderr,
    /^example\.com\/tree example\.com\/double\/v2 .*github\.com\/Fixture\/Caps .* example\.com\/m\n$/,
  );
  assertWorks(await go('mod', 'verify'));
  const asked = (await mirror.requests()).map(({ path }) => path);
  assert.ok(asked.includes('/sumdb/sum.rondo.test/supported'));
  assert.ok(
    asked.some((path) => path.startsWith('/sumdb/sum.rondo.test/tile/8/0/')),
    asked.join('\n'),
  );
});

await testWith(['go'], 'go proves records in a log of several tiles and levels, as it grows', async (t) => {
  const database = ChecksumDatabase.over(world.modules);
  for (let id = 0; id < 700; id++) database.add(`example.com/filler/f${id}`, 'v1.0.0', 'h1:a', 'h1:b');
  const { mirror, go } = await bench(t, { ...world, database });
  assertWorks(await go('get', 'example.com/leaf@v1.0.0'));
  // The client keeps the head it has seen: the next one must be consistent with it.
  const [late] = await manyModules(1);
  assert.ok(late);
  for (let id = 0; id < 70_000; id += 100) database.add(`example.com/more/f${id}`, 'v1.0.0', 'h1:a', 'h1:b');
  database.add(late.path, late.version, late.zipH1, late.modH1);
  await mirror.publish({ ...world, modules: [...world.modules, late], database });
  assertWorks(await go('get', `${late.path}@v1.0.0`));
  const tiles = (await mirror.requests()).filter(({ path }) => path.includes('/tile/8/1/'));
  assert.ok(tiles.length > 0, 'an upper level was asked');
});

await testWith(['go'], 'go refuses what the database contradicts, has not, or cannot say', async (t) => {
  const lying = new ChecksumDatabase();
  const leaf = moduleOf(world, 'example.com/leaf', 'v1.0.0');
  lying.add(leaf.path, leaf.version, moduleOf(world, 'example.com/leaf', 'v1.1.0').zipH1, leaf.modH1);
  const { mirror, go } = await bench(t, { ...world, database: lying });
  assert.match((await go('get', 'example.com/leaf@v1.0.0')).stderr, /checksum mismatch[^]*SECURITY ERROR/);
  assert.match(
    (await go('get', 'example.com/double@v1.5.0')).stderr,
    /404 Not Found[^]*not found: example\.com\/double/,
  );
  lying.setDown(true);
  await mirror.publish({ ...world, database: lying });
  assert.match((await go('get', 'example.com/m@v1.3.0')).stderr, /503 Service Unavailable/);
});

await testWith(['go'], 'go refuses a database that signs with another key', async (t) => {
  const impostor = new ChecksumDatabase('sum.rondo.test', 'impostor');
  for (const each of world.modules) impostor.add(each.path, each.version, each.zipH1, each.modH1);
  const { go } = await bench(t, { ...world, database: impostor }, { GOSUMDB: new ChecksumDatabase().key });
  assert.match((await go('get', 'example.com/leaf@v1.0.0')).stderr, /reading tree note/);
});

await testWith(['go'], 'queries: @latest, a branch, versions, a nested module', async (t) => {
  const { go } = await bench(t, { ...world, database: ChecksumDatabase.over(world.modules) });
  assertWorks(await go('get', 'example.com/leaf@latest', 'example.com/untagged@latest', 'example.com/m/sub'));
  assertWorks(await go('get', 'example.com/preview@main'));
  const listed = await go('list', '-m', '-f', '{{.Path}} {{.Version}}', 'all');
  assert.match(listed.stdout, /example\.com\/leaf v1\.1\.0\n/);
  assert.match(listed.stdout, new RegExp(`example\\.com/untagged ${UNTAGGED_VERSION}\n`));
  assert.match(listed.stdout, /example\.com\/m\/sub v0\.2\.0\n/);
  assert.match(listed.stdout, /example\.com\/preview v0\.1\.0-beta\.2\.0\.20240405060708/);
  const versions = await go('list', '-m', '-versions', 'example.com/leaf');
  assert.equal(versions.stdout, 'example.com/leaf v1.0.0 v1.1.0 v1.2.0-rc.1\n');
  assertWorks(await go('mod', 'download', 'example.com/big@v1.0.0'));
});

await testWith(['go'], 'go switches to the fixture toolchain', async (t) => {
  const database = ChecksumDatabase.over(world.modules);
  const { mirror, go } = await bench(t, { ...world, database }, { GOTOOLCHAIN: 'go1.99.9' });
  const run = await go('version');
  assertWorks(run);
  assert.equal(run.stdout, `${TOOLCHAIN_WORDS}\n`);
  const asked = (await mirror.requests()).map(({ path }) => path);
  assert.ok(asked.includes(`/golang.org/toolchain/@v/v0.0.1-go1.99.9.${goPlatform()}.zip`), asked.join('\n'));
});

await testWith(['go'], 'a go that hangs is ended, and its environment is its own', async (t) => {
  const { mirror, cwd, go } = await bench(t, world, { RONDO_TEST: '1' });
  const env = await go('env', 'GOPROXY', 'GOSUMDB', 'GOPRIVATE', 'GOTOOLCHAIN', 'GOFLAGS');
  assert.equal(env.stdout, `${mirror.url}\noff\n\nlocal\n\n`);
  await mirror.setFault({ kind: 'hang' });
  const workspace = await goWorkspace(t);
  const options = { workspace, cwd, goproxy: mirror.url, timeoutMs: 500 };
  const run = await goCommand(['mod', 'download', 'example.com/leaf@v1.0.0'], options);
  assert.deepEqual([run.code, run.timedOut], [-1, true]);
});

await testWith(['go'], 'a read-only module cache is removed whole', async (t) => {
  const mirror = await createMirrorServer(world);
  t.after(() => mirror.stop());
  const workspace = await goWorkspace(t);
  const options = { workspace, cwd: workspace.home, goproxy: mirror.url };
  assertWorks(await goCommand(['mod', 'download', 'example.com/leaf@v1.0.0'], options));
  await access(join(workspace.modCache, 'example.com', 'leaf@v1.0.0', 'leaf.go'));
  await removeTree(workspace.home);
  await assert.rejects(access(workspace.home), { code: 'ENOENT' });
});

test('removeTree takes what is read-only and what is not there', async (t) => {
  const folder = await tempFolder(t);
  await mkdir(join(folder, 'a', 'b'), { recursive: true });
  await writeFile(join(folder, 'a', 'b', 'c'), '');
  for (const each of ['a/b/c', 'a/b', 'a']) await chmod(join(folder, each), 0o500);
  await removeTree(folder);
  await removeTree(folder);
  await assert.rejects(access(folder), { code: 'ENOENT' });
});
