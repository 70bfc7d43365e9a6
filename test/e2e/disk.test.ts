import assert from 'node:assert/strict';
import { readdir, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { bigModule, type FixtureModule } from '../support/fixture-modules.ts';
import { goCommand, goEnvironment, goWorkspace } from '../support/go-command.ts';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo, type ServedRondo } from '../support/rondo-process.ts';
import { smallDisk } from '../support/small-disk.ts';
import { tempFolder, tempProject } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { assertCopyIsRight, assertWorks, chainOf, copyFiles, goSum, startMirrors } from './bench.ts';

const MIB = 2 ** 20;

type Bench = {
  readonly modules: readonly FixtureModule[];
  readonly cacheDir: string;
  readonly rondo: ServedRondo;
  /** Downloads all modules as a user who has none of them. */
  download(): Promise<void>;
  /** The messages of its log at `level`. */
  said(level: string): string[];
};

/** A Rondo in front of mirrors with four modules of 2 MiB, its copy in `cacheDir`. */
async function bench(test: TestContext, cache: string, diskKiB?: number): Promise<Bench> {
  const t = reverseCleanup(test);
  const modules = await Promise.all([1, 2, 3, 4].map((n) => bigModule(`example.com/big${n}`, 'v1.0.0', 2)));
  const database = ChecksumDatabase.over(modules);
  const mirrors = await startMirrors(t, ['a', 'b'], { modules, database });
  const cacheDir = diskKiB === undefined ? await tempFolder(t, 'copy') : (await smallDisk(t, diskKiB)).path;
  const gosumdb = database.key;
  const env = goEnvironment({ workspace: await goWorkspace(t), goproxy: chainOf(mirrors), gosumdb });
  const rondo = await serveRondo(t, { env, cacheDir, config: `[cache]\n${cache}` });
  const requires = modules.map(({ path, version }) => `\t${path} ${version}\n`).join('');
  const files = {
    'go.mod': `module example.com/project\n\ngo 1.21\n\nrequire (\n${requires})\n`,
    'go.sum': goSum(modules),
  };
  return {
    modules,
    cacheDir,
    rondo,
    async download() {
      const options = { workspace: await goWorkspace(t), cwd: await tempProject(t, files), gosumdb };
      for (const args of [
        ['mod', 'download'],
        ['mod', 'verify'],
      ]) {
        assertWorks(await goCommand(args, { ...options, goproxy: rondo.url }), rondo.stderr());
      }
    },
    said: (level) => linesOf(rondo.stderr(), level),
  };
}

function linesOf(log: string, level: string): string[] {
  return log.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    const entry = JSON.parse(line) as { level: string; msg: string };
    return entry.level === level ? [entry.msg] : [];
  });
}

async function bytesOf(cacheDir: string): Promise<number> {
  const names = (await copyFiles(cacheDir)).filter((name) => /\.(info|mod|zip)$/.test(name));
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(cacheDir, 'cache', 'download', name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

await testWith(
  ['go'],
  'a build that is larger than the copy may be works, and so does one after the index was lost',
  async (test) => {
    const { rondo, cacheDir, modules, download, said } = await bench(
      test,
      'max_size = 5MiB\nmin_free = 0B\n',
    );
    await download();
    assert.ok((await bytesOf(cacheDir)) <= 5 * MIB);
    for (const name of await readdir(join(cacheDir, 'rondo'))) {
      if (name.startsWith('index')) await rm(join(cacheDir, 'rondo', name));
    }
    await download();
    assert.ok((await bytesOf(cacheDir)) <= 5 * MIB);
    const known = async (): Promise<number> =>
      (await rondo.metrics())('rondo_store_bytes', { budget: 'yes' });
    await until('the index knows the copy again', async () => (await known()) > 0);
    assert.ok((await known()) <= 5 * MIB, `${await known()} bytes`);
    assert.equal((await fetchRaw(`${rondo.url}/readyz`)).status, 200);
    assert.equal(await rondo.stop(), 0);
    const errors = said('error');
    assert.ok(errors.length <= 1, errors.join('\n'));
    for (const line of errors) assert.match(line, /max_size \(5 MiB\) is used up/);
    assert.ok((await assertCopyIsRight(cacheDir, modules)) >= 4);
  },
);

await testWith(
  ['go', 'linux', 'mount'],
  'a full disk: builds work, /readyz and the metrics say so, people are told once, and it recovers',
  async (test) => {
    const { rondo, cacheDir, modules, download, said } = await bench(test, 'min_free = 0B\n', 16 * 1024);
    const filler = join(cacheDir, 'somebody else');
    await assert.rejects(writeFile(filler, Buffer.alloc(17 * MIB)), { code: 'ENOSPC' });
    await download();
    assert.deepEqual(await copyFiles(cacheDir), []);
    const ready = await fetchRaw(`${rondo.url}/readyz`);
    assert.equal(ready.status, 503);
    assert.match(ready.body.toString(), /the cache folder cannot be written: the disk is full \(ENOSPC\)/);
    assert.equal((await rondo.metrics())('rondo_store_keeping'), 0);

    await unlink(filler);
    assert.equal((await fetchRaw(`${rondo.url}/readyz`)).status, 200);
    await download();
    assert.equal(await rondo.stop(), 0);
    const errors = said('error');
    assert.equal(errors.length, 1, errors.join('\n'));
    assert.match(errors[0] ?? '', /the copy cannot be written.*the disk is full/);
    assert.equal(await assertCopyIsRight(cacheDir, modules), modules.length * 4);
  },
);

await testWith(
  ['go', 'linux', 'mount'],
  'a disk with less than min_free: builds work, and nothing is kept',
  async (test) => {
    const { rondo, cacheDir, download, said } = await bench(test, '', 16 * 1024);
    await download();
    assert.deepEqual(await copyFiles(cacheDir), []);
    assert.equal(await rondo.stop(), 0);
    const errors = said('error');
    assert.equal(errors.length, 1, errors.join('\n'));
    assert.match(errors[0] ?? '', /less than min_free \(512 MiB\) of the disk is left/);
  },
);
