import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { filledCopy, keyOf, type FilledCopy } from '../support/filled-copy.ts';
import type { FixtureModule } from '../support/fixture-modules.ts';
import { goCommand, goEnvironment, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { execRondo, reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import { assertWorks, chainOf, copyFiles, DATABASE, goSum, NEEDED, PROJECT, SERVED } from './bench.ts';

/** Of each run through Rondo: a user whose go has nothing. */
async function through(
  t: Cleanup,
  copy: FilledCopy,
  offline: boolean,
  ...command: string[]
): Promise<{ code: number; stderr: string }> {
  const workspace = await goWorkspace(t);
  const env = goEnvironment({ workspace, goproxy: chainOf(copy.mirrors), gosumdb: DATABASE.key });
  const cwd = await tempProject(t, PROJECT);
  return execRondo(t, ['go', ...command], { env, cwd, cacheDir: copy.cacheDir, offline });
}

await testWith(
  ['go'],
  'go builds without .info, and downloads not: seal fetches them, verify and export count them',
  async (context) => {
    const t = reverseCleanup(context);
    const copy = await filledCopy(t, [], { ...SERVED, database: DATABASE });
    assertWorks(await through(t, copy, false, 'mod', 'tidy'));
    const infos = async (): Promise<number> =>
      (await copyFiles(copy.cacheDir)).filter((name) => name.endsWith('.info')).length;
    const zips = (await copyFiles(copy.cacheDir)).filter((name) => name.endsWith('.zip')).length;
    assert.ok(zips > 0);
    assert.equal(await infos(), 0, 'go.sum has told go all that it wanted to know');
    await writeFile(join(copy.home, 'go.sum'), goSum(NEEDED));
    const counted = new RegExp(`^rondo: .*${zips} versions without \\.info: .*rondo cache seal`, 'm');
    const verified = await copy.rondo('verify');
    assert.match(verified.stderr, counted);
    const folder = join(await tempFolder(t, 'stick'), 'proxy');
    const before = await copy.rondo('cache', 'export', folder);
    assert.match(before.stderr, counted);
    const download = async (): Promise<{ code: number; stderr: string }> => {
      const settings = { goproxy: pathToFileURL(folder).href, gosumdb: DATABASE.key };
      const cwd = await tempProject(t, PROJECT);
      return goCommand(['mod', 'download'], { ...settings, workspace: await goWorkspace(t), cwd });
    };
    assert.match((await download()).stderr, /\.info: no such file or directory/);

    const alone = await copy.rondo('cache', 'seal', '--offline');
    assert.equal(alone.code, 1);
    assert.equal(alone.stdout.match(/^MISSING {2}\S+ \.info: not in the copy$/gm)?.length, zips);
    const sealed = await copy.rondo('cache', 'seal');
    assert.deepEqual([sealed.code, sealed.stdout], [0, ''], sealed.stderr);
    assert.match(sealed.stderr, new RegExp(`^rondo: fetched ${zips} \\.info files that`, 'm'));
    assert.equal(await infos(), zips);
    for (const mirror of copy.mirrors) await mirror.setFault({ kind: 'refused' });
    const after = await copy.rondo('cache', 'export', folder);
    assert.deepEqual([after.code, after.stdout], [0, '']);
    assert.doesNotMatch(`${after.stderr}${(await copy.rondo('verify')).stderr}`, /without \.info/);
    assertWorks(await download());
    assertWorks(await through(t, copy, true, 'mod', 'download'));
  },
);

test('seal fetches the records that the copy lacks: one that is gone, and all of a copy of GOSUMDB=off', async (context) => {
  const t = reverseCleanup(context);
  const [first, ...others] = NEEDED as [FixtureModule, ...FixtureModule[]];
  const copy = await filledCopy(t, NEEDED, { ...SERVED, database: DATABASE });
  const word = `${first.path}@${first.version}`;
  await rm(copy.pathOf(`sumdb/${DATABASE.name}/lookup/${word}`));
  const named = await copy.rondo('cache', 'seal', '--offline');
  assert.deepEqual(
    [named.code, named.stdout],
    [
      1,
      `UNSEALED  ${word}: its record is not in the copy: no record of the checksum database: offline, not in the copy\n`,
    ],
  );
  await assertMended(t, copy, 1);

  const off = copy.withEnv({ RONDO_CACHE_DIR: await tempFolder(t, 'off') });
  const server = await off.withEnv({ GOSUMDB: 'off' }).serve();
  for (const each of NEEDED)
    for (const kind of ['info', 'mod', 'zip'])
      assert.equal((await fetch(`${server.url}/${keyOf(each, kind)}`)).status, 200);
  assert.equal(await server.stop(), 0);
  await assertMended(t, off, 1 + others.length);
});

async function assertMended(t: Cleanup, copy: FilledCopy, records: number): Promise<void> {
  const sealed = await copy.rondo('cache', 'seal', '--json');
  assert.equal(sealed.code, 0, `${sealed.stdout}${sealed.stderr}`);
  const page = JSON.parse(sealed.stdout) as {
    records: { fetched: number; missing: unknown[] };
    databases: { sealed: number }[];
  };
  assert.deepEqual(page.records, { fetched: records, fetchedBytes: 0, missing: [] });
  assert.equal(page.databases[0]?.sealed, NEEDED.length);
  const exported = await copy.rondo('cache', 'export', await tempFolder(t, 'stick'));
  assert.deepEqual([exported.code, exported.stdout], [0, ''], exported.stderr);
}
