import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { TOOLCHAIN_WORDS, UNTAGGED_VERSION } from '../support/fixture-world.ts';
import { goCommand, goEnvironment, goWorkspace, type GoRun } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo, type ServedRondo } from '../support/rondo-process.ts';
import { tempProject } from '../support/temp-folder.ts';
import {
  askedOf,
  assertCopyIsRight,
  assertWorks,
  chainOf,
  DATABASE,
  PROJECT,
  startMirrors,
  UNSUMMED_PROJECT,
} from './bench.ts';

const EMPTY_PROJECT = { 'go.mod': 'module example.com/project\n\ngo 1.21\n' };

type Bench = {
  readonly rondo: ServedRondo;
  readonly cwd: string;
  /** What all mirrors together were asked. */
  asked(): Promise<string[]>;
  go(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<GoRun>;
};

/** Rondo in front of three good mirrors, and a fresh user whose go knows nothing but Rondo. */
async function bench(test: TestContext, files: Readonly<Record<string, string>>): Promise<Bench> {
  const t = reverseCleanup(test);
  const mirrors = await startMirrors(t, ['a', 'b', 'c']);
  const workspace = await goWorkspace(t);
  const cwd = await tempProject(t, files);
  const gosumdb = DATABASE.key;
  const env = goEnvironment({ workspace, goproxy: chainOf(mirrors), gosumdb });
  const rondo = await serveRondo(t, { env });
  return {
    rondo,
    cwd,
    asked: async () => (await Promise.all(mirrors.map(askedOf))).flat().map(({ path }) => path),
    go: (args, more = {}) => goCommand(args, { workspace, cwd, goproxy: rondo.url, gosumdb, env: more }),
  };
}

await testWith(['go'], 'go mod download, verify, build and run', async (t) => {
  const { go, rondo } = await bench(t, PROJECT);
  assertWorks(await go(['mod', 'download']));
  const verified = await go(['mod', 'verify']);
  assertWorks(verified);
  assert.match(verified.stdout, /all modules verified/);
  assertWorks(await go(['build', './...']));
  assert.match((await go(['run', '.'])).stderr, /^example\.com\/tree example\.com\/double\/v2 /);
  assert.equal(await rondo.stop(), 0);
  assert.ok((await assertCopyIsRight(rondo.cacheDir)) >= 15);
});

await testWith(['go'], 'GOSUMDB on with an empty go.sum: the database is read through Rondo', async (t) => {
  const { go, cwd, asked } = await bench(t, UNSUMMED_PROJECT);
  assertWorks(await go(['build', './...'], { GOFLAGS: '-mod=mod' }));
  const sums = new Set((await readFile(join(cwd, 'go.sum'), 'utf8')).split('\n'));
  const missing = (PROJECT['go.sum'] ?? '').split('\n').filter((line) => !sums.has(line));
  assert.deepEqual(missing, []);
  const sumdb = (await asked()).filter((path) => path.startsWith(`/sumdb/${DATABASE.name}/`));
  assert.ok(sumdb.some((path) => path.includes('/lookup/example.com/tree@v1.0.0')));
  assert.ok(sumdb.some((path) => path.includes('/tile/8/0/')));
});

await testWith(['go'], 'go get M@latest takes the last release', async (t) => {
  const { go, cwd } = await bench(t, EMPTY_PROJECT);
  assertWorks(await go(['get', 'example.com/leaf@latest']));
  assert.match(await readFile(join(cwd, 'go.mod'), 'utf8'), /example\.com\/leaf v1\.1\.0/);
});

await testWith(['go'], 'go get M/sub beside parent paths that nobody has', async (t) => {
  const { go, cwd, asked, rondo } = await bench(t, EMPTY_PROJECT);
  assertWorks(await go(['get', 'example.com/m/sub']));
  assert.match(await readFile(join(cwd, 'go.mod'), 'utf8'), /example\.com\/m\/sub v0\.2\.0/);
  assert.ok((await asked()).includes('/example.com/@v/list'), 'the parent path was asked for');
  assert.ok((await rondo.metrics())('rondo_requests_total', { kind: 'list', status: '404' }) >= 1);
});

await testWith(['go'], 'go list -m -versions shows every version in order', async (t) => {
  const { go } = await bench(t, EMPTY_PROJECT);
  const listed = await go(['list', '-m', '-versions', 'example.com/leaf']);
  assertWorks(listed);
  assert.equal(listed.stdout, 'example.com/leaf v1.0.0 v1.1.0 v1.2.0-rc.1\n');
  const untagged = await go(['list', '-m', '-versions', 'example.com/untagged']);
  assert.equal(untagged.stdout, 'example.com/untagged\n');
});

await testWith(['go'], 'a branch resolves to its pseudo-version', async (t) => {
  const { go } = await bench(t, EMPTY_PROJECT);
  const listed = await go(['list', '-m', 'example.com/untagged@main']);
  assertWorks(listed);
  assert.equal(listed.stdout, `example.com/untagged ${UNTAGGED_VERSION}\n`);
  assertWorks(await go(['get', 'example.com/untagged@main']));
});

await testWith(['go'], 'go switches to a toolchain that comes through Rondo', async (t) => {
  const { go, asked } = await bench(t, EMPTY_PROJECT);
  const version = await go(['version'], { GOTOOLCHAIN: 'go1.99.9' });
  assertWorks(version);
  assert.equal(version.stdout, `${TOOLCHAIN_WORDS}\n`);
  const paths = await asked();
  assert.ok(paths.some((path) => /^\/golang\.org\/toolchain\/@v\/v0\.0\.1-go1\.99\.9\..*\.zip$/.test(path)));
  assert.ok(paths.some((path) => path.includes('/lookup/golang.org/toolchain@v0.0.1-go1.99.9.')));
});

await testWith(['go'], 'what nobody has is an error of go that names it', async (t) => {
  const { go } = await bench(t, EMPTY_PROJECT);
  const run = await go(['get', 'example.com/nobody/has@v1.0.0']);
  assert.notEqual(run.code, 0);
  assert.match(run.stderr, /example\.com\/nobody\/has@v1\.0\.0/);
  assert.match(run.stderr, /404 Not Found/);
});
