import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { filledCopy, keyOf, type FilledCopy } from '../support/filled-copy.ts';
import { escapeName, fixtureModule, type FixtureModule } from '../support/fixture-modules.ts';
import { goCommand, goEnvironment, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { execRondo, reverseCleanup } from '../support/rondo-process.ts';
import { until } from '../support/until.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import {
  assertCopyIsRight,
  assertWorks,
  chainOf,
  copyFiles,
  DATABASE,
  NEEDED,
  PROJECT,
  SERVED,
  UNSUMMED_PROJECT,
} from './bench.ts';

/** A user with an empty copy and mirrors that have everything, and the GOMODCACHE that a `go` has filled from them. */
async function userWithModCache(
  t: Cleanup,
  project: typeof PROJECT = PROJECT,
): Promise<{ copy: FilledCopy; modCache: string }> {
  const copy = await filledCopy(t, [], { ...SERVED, database: DATABASE });
  const workspace = await goWorkspace(t);
  const cwd = await tempProject(t, project);
  const goproxy = chainOf(copy.mirrors);
  assertWorks(await goCommand(['mod', 'download'], { workspace, cwd, goproxy, gosumdb: DATABASE.key }));
  return { copy, modCache: workspace.modCache };
}

const download = (modCache: string, key: string): string => join(modCache, 'cache', 'download', key);

await testWith(
  ['go'],
  'a GOMODCACHE that go has filled becomes a copy from which go builds',
  async (context) => {
    const t = reverseCleanup(context);
    const { copy, modCache } = await userWithModCache(t);
    const run = await copy.rondo('cache', 'import', modCache);
    assert.equal(run.code, 0, `${run.stdout}${run.stderr}`);
    assert.equal(run.stdout, '');
    assert.match(run.stderr, /^rondo: \d+ versions: imported \d+ files, /m);
    const files = await assertCopyIsRight(copy.cacheDir, SERVED.modules);
    assert.ok(files >= NEEDED.length * 4, String(files));
    const held = await copyFiles(copy.cacheDir);
    const list = await readFile(join(copy.cacheDir, 'cache/download/example.com/leaf/@v/list'), 'utf8');
    assert.equal(
      list,
      held
        .filter((name) => /^example\.com\/leaf\/.*\.zip$/.test(name))
        .map((name) => `${/v[^/]*(?=\.zip)/.exec(name)?.[0]}\n`)
        .join(''),
    );

    const again = await copy.rondo('cache', 'import', modCache, '--json');
    assert.equal(again.code, 0, again.stderr);
    const { imported, already } = JSON.parse(again.stdout) as { imported: number; already: number };
    assert.deepEqual([imported, already > 0], [0, true]);

    for (const mirror of copy.mirrors) await mirror.setFault({ kind: 'refused' });
    const env = goEnvironment({ workspace: await goWorkspace(t), goproxy: chainOf(copy.mirrors) });
    const cwd = await tempProject(t, PROJECT);
    const built = await execRondo(t, ['go', 'build', './...'], {
      env,
      cwd,
      cacheDir: copy.cacheDir,
      offline: true,
    });
    assert.equal(built.code, 0, built.stderr);
  },
);

await testWith(
  ['go'],
  'what is not what the database says is named and not taken, and lists are not believed',
  async (context) => {
    const t = reverseCleanup(context);
    const { copy, modCache } = await userWithModCache(t);
    const [victim, other] = NEEDED as [FixtureModule, FixtureModule];
    await writeFile(download(modCache, keyOf(victim, 'zip')), other.zip);
    await writeFile(download(modCache, keyOf(victim, 'ziphash')), other.zipH1);
    await writeFile(download(modCache, keyOf(other, 'list')).replace(/[^/]+$/, 'list'), 'v9.9.9\n');
    const made = await fixtureModule({ path: 'example.com/homemade', version: 'v1.0.0' });
    await mkdir(dirname(download(modCache, keyOf(made, 'mod'))), { recursive: true });
    for (const extension of ['info', 'mod', 'zip'] as const) {
      await writeFile(download(modCache, keyOf(made, extension)), made[extension]);
    }
    const run = await copy.rondo('cache', 'import', modCache);
    assert.equal(run.code, 4, run.stderr);
    const lines = run.stdout.split('\n').filter(Boolean).toSorted();
    assert.equal(lines.length, 3, run.stdout);
    assert.match(
      lines[0] ?? '',
      /^UNVERIFIED {2}example\.com\/homemade@v1\.0\.0 \.mod: the checksum database does not know it: /,
    );
    assert.match(lines[1] ?? '', /^UNVERIFIED {2}example\.com\/homemade@v1\.0\.0 \.zip: /);
    assert.match(lines[2] ?? '', new RegExp(`^WRONG {2}${victim.path}@${victim.version} \\.zip: `));
    const held = await copyFiles(copy.cacheDir);
    assert.ok(!held.some((name) => name.includes('homemade')), 'nor its .info');
    assert.ok(!held.includes(keyOf(victim, 'zip')));
    assert.ok(held.includes(keyOf(victim, 'mod')));
    await assertCopyIsRight(copy.cacheDir, SERVED.modules);
    const list = await readFile(copy.pathOf(keyOf(other, 'list').replace(/[^/]+$/, 'list')), 'utf8');
    assert.ok(!list.includes('v9.9.9'));

    const exempt = copy.withEnv({ GONOSUMDB: 'example.com/homemade' });
    const wary = await exempt.rondo('cache', 'import', modCache);
    assert.equal(wary.code, 4);
    assert.match(wary.stdout, /^UNVERIFIED {2}example\.com\/homemade@v1\.0\.0 \.zip: it is exempt from /m);
    const said =
      /^rondo: to trust .* 2 files that no checksum database vouches for: rondo (cache import .*)$/m.exec(
        wary.stderr,
      );
    assert.ok(!(await copyFiles(copy.cacheDir)).some((name) => name.includes('homemade')));
    const trusting = await exempt.rondo(...(said?.[1] ?? '').split(' '), '--json');
    assert.equal(trusting.code, 4);
    assert.equal((JSON.parse(trusting.stdout) as { trusted: number }).trusted, 2);
    assert.ok((await copyFiles(copy.cacheDir)).includes(keyOf(made, 'zip')), 'exempt: on first use');
  },
);

await testWith(['go'], 'Ctrl-C leaves whole files alone, and the same command goes on', async (context) => {
  const t = reverseCleanup(context);
  const { copy, modCache } = await userWithModCache(t);
  for (const mirror of copy.mirrors) await mirror.setFault({ kind: 'hang' }, { match: /^\/sumdb\/.*lookup/ });
  for (const mirror of copy.mirrors) await mirror.resetLog();
  const running = copy.start('cache', 'import', modCache);
  await until('a mirror was asked for a record', async () => {
    const asked = await Promise.all(copy.mirrors.map((mirror) => mirror.requests()));
    return asked.flat().some(({ path }) => path.includes('/lookup/'));
  });
  running.child.kill('SIGINT');
  assert.equal(await running.ended, 130);
  assert.match(running.stderr(), /interrupted; .*\nhint: the same command again goes on\n$/);
  await assertCopyIsRight(copy.cacheDir, SERVED.modules);
  for (const mirror of copy.mirrors) await mirror.clearFaults();
  assert.equal((await copy.rondo('cache', 'import', modCache)).code, 0);
});

await testWith(
  ['go'],
  'a folder for file:// is one, too; the copy itself and what is no folder are mistakes',
  async (context) => {
    const t = reverseCleanup(context);
    const { copy, modCache } = await userWithModCache(t);
    const folder = await tempFolder(t, 'proxy');
    await cp(join(modCache, 'cache', 'download'), folder, { recursive: true });
    assert.equal((await copy.rondo('cache', 'import', folder)).code, 0);
    assert.ok((await assertCopyIsRight(copy.cacheDir, SERVED.modules)) > 0);
    assert.match(
      (await copy.rondo('cache', 'import', copy.cacheDir)).stderr,
      /is the copy itself \(E_USAGE\)/,
    );
    assert.match((await copy.rondo('cache', 'import', 'no-such')).stderr, /no-such is no folder \(E_USAGE\)/);
    const empty = await copy.rondo('cache', 'import', await tempFolder(t, 'empty'));
    assert.deepEqual([empty.code, empty.stdout], [1, '']);
  },
);

await testWith(
  ['go'],
  'without a network: what the folder proves by itself is enough, and nothing else is',
  async (context) => {
    const t = reverseCleanup(context);
    const { copy, modCache } = await userWithModCache(t, UNSUMMED_PROJECT);
    for (const mirror of copy.mirrors) await mirror.setFault({ kind: 'refused' });
    const run = await copy.rondo('cache', 'import', modCache, '--offline', '--json');
    assert.equal(run.code, 0, `${run.stdout}${run.stderr}`);
    const page = JSON.parse(run.stdout) as { records: number; proven: number; imported: number };
    assert.equal(page.proven, page.records);
    assert.equal(page.records, NEEDED.length);
    await assertCopyIsRight(copy.cacheDir, SERVED.modules);

    // A record that was changed, and one that is not there, leave their versions behind.
    const [changed, without] = NEEDED as [FixtureModule, FixtureModule];
    const lookupOf = ({ path, version }: FixtureModule): string =>
      download(modCache, `sumdb/${DATABASE.name}/lookup/${escapeName(path)}@${escapeName(version)}`);
    const record = await readFile(lookupOf(changed), 'utf8');
    await writeFile(lookupOf(changed), record.replace(changed.zipH1, without.zipH1));
    await rm(lookupOf(without));
    const other = copy.withEnv({ RONDO_CACHE_DIR: await tempFolder(t, 'other') });
    const partly = await other.rondo('cache', 'import', modCache, '--offline');
    assert.equal(partly.code, 1, partly.stderr);
    const left = partly.stdout.split('\n').filter(Boolean);
    assert.ok(
      left.every((line) => line.startsWith('UNVERIFIED')),
      partly.stdout,
    );
    assert.deepEqual(
      new Set(left.map((line) => line.split(/ +/)[1]?.split('@')[0])),
      new Set([changed.path, without.path]),
    );
    assert.match(
      partly.stderr,
      new RegExp(
        `${NEEDED.length - 2} of ${NEEDED.length - 1} checksum records? proved by the folder itself`,
      ),
    );
  },
);
