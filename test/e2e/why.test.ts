import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { fixtureModule } from '../support/fixture-modules.ts';
import '../support/loopback-only.ts';
import { startMeasuredMirror } from '../support/measured-mirror.ts';
import { startMirror, type MirrorProcess } from '../support/mirror-process.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import { goSum } from './bench.ts';
import { runRondo, stranger } from './rondo-command.ts';

const PATH = 'example.com/m';
const PSEUDO = 'v0.0.0-20240301120000-abcdef012345';
const WELL = await fixtureModule({ path: PATH, version: 'v1.0.0' });
const NEWER = await fixtureModule({ path: PATH, version: 'v1.1.0' });
const MOVED = await fixtureModule({
  path: PATH,
  version: 'v1.0.0',
  files: { 'm.go': 'package m // moved\n' },
});
const INVENTED = await fixtureModule({ path: PATH, version: PSEUDO });
const DATABASE = ChecksumDatabase.over([WELL]);

type Page = {
  readonly version: number;
  readonly facts: { readonly mirrors: readonly { readonly name: string; readonly kind: string }[] };
  readonly findings: readonly { readonly kind: string; readonly mirrors: readonly string[] }[];
};

type World = {
  readonly mirrors: readonly MirrorProcess[];
  why(
    word: string,
    options?: { goSum?: string; env?: Record<string, string>; args?: readonly string[] },
  ): Promise<{ code: number; page: Page; stderr: string; stdout: string }>;
};

/** Three mirrors, of which the second one has what a test says. */
async function world(t: Cleanup, second: Parameters<typeof startMirror>[0]): Promise<World> {
  const well = { modules: [WELL], database: DATABASE };
  const mirrors = await Promise.all([
    startMirror({ ...well, name: 'a' }, t),
    startMirror({ ...well, ...second, name: 'b' }, t),
    startMirror({ ...well, name: 'c' }, t),
  ]);
  const { env } = await stranger(t);
  const chain = mirrors.map(({ url }) => url).join(',');
  return {
    mirrors,
    async why(word, options = {}) {
      const cwd = await tempProject(t, {
        'go.mod': 'module example.com/p\n\ngo 1.21\n',
        'go.sum': options.goSum ?? '',
      });
      const all = {
        ...env,
        GOPROXY: chain,
        GOSUMDB: DATABASE.key,
        RONDO_CACHE_DIR: await tempFolder(t, 'copy'),
        ...options.env,
      };
      const args = ['why', word, '--no-direct', ...(options.args ?? ['--json'])];
      const run = await runRondo(t, args, { env: all, cwd });
      if (options.args === undefined) assert.notEqual(run.stdout, '', run.stderr);
      const page = (options.args === undefined ? JSON.parse(run.stdout) : {}) as Page;
      return { ...run, page };
    },
  };
}

/** `lies 127.0.0.1:1` as `lies b`. */
function said({ mirrors }: World, { findings }: Page): string[] {
  const names = new Map(mirrors.map(({ url, name }) => [new URL(url).host, name]));
  return findings.map(({ kind, mirrors: who }) =>
    [kind, ...who.map((host) => names.get(host) ?? host)].join(' '),
  );
}

test('what is wrong with a version is said, and whose doing it is', async (context) => {
  const t = reverseCleanup(context);
  const w = await world(t, { modules: [MOVED], name: 'b' });
  const lies = await w.why(`${PATH}@v1.0.0`, { goSum: goSum([WELL]) });
  assert.deepEqual([lies.code, said(w, lies.page), lies.page.version], [4, ['lies b'], 1], lies.stderr);

  await w.mirrors[1]?.publish({ modules: [], database: DATABASE });
  const lags = await w.why(`${PATH}@v1.0.0`);
  assert.deepEqual([lags.code, said(w, lags.page)], [1, ['lags b']], lags.stderr);

  await w.mirrors[1]?.publish({ modules: [WELL], database: DATABASE });
  const well = await w.why(`${PATH}@v1.0.0`, { goSum: goSum([WELL]) });
  assert.deepEqual([well.code, said(w, well.page)], [0, ['well']], well.stderr);
  const old = await w.why(`${PATH}@v1.0.0`, { goSum: goSum([MOVED]) });
  assert.deepEqual([old.code, said(w, old.page)], [4, ['go-sum-differs']]);

  await w.mirrors[1]?.setFault({ kind: 'status', status: 403 });
  const refused = await w.why(`${PATH}@v1.0.0`);
  assert.deepEqual([refused.code, said(w, refused.page)], [1, ['refused b']]);
  await w.mirrors[1]?.clearFaults();
  await w.mirrors[1]?.setFault({ kind: 'status', status: 503, words: 'down for maintenance' });
  const failed = await w.why(`${PATH}@v1.0.0`);
  assert.deepEqual([failed.code, said(w, failed.page)], [1, ['failed b']]);
  await w.mirrors[1]?.clearFaults();

  const none = await w.why(`${PATH}@v1.9.9`);
  assert.deepEqual([none.code, said(w, none.page)], [1, ['not-there']]);
});

test('no mirror hears a private name, but one that is named for it', async (context) => {
  const t = reverseCleanup(context);
  const w = await world(t, { modules: [WELL], name: 'b' });
  const askedFor = async (): Promise<string[]> => {
    const asked = w.mirrors.map(async (mirror) =>
      (await mirror.requests()).some(({ path }) => path.includes(PATH)) ? [mirror.name] : [],
    );
    return (await Promise.all(asked)).flat();
  };
  const env = { GOPRIVATE: 'example.com' };
  for (const word of [`${PATH}@v1.0.0`, PATH]) {
    const hidden = await w.why(word, { env });
    assert.deepEqual([hidden.code, said(w, hidden.page)], [1, ['private']]);
  }
  assert.deepEqual(await askedFor(), []);

  const config = join(await tempFolder(t, 'config'), 'rondo.ini');
  const sections = w.mirrors.map(
    ({ name, url }) => `[mirror "${name}"]\nurl = ${url}\nmatch = *${name === 'b' ? ', example.com' : ''}\n`,
  );
  await writeFile(config, sections.join('\n'));
  const named = await w.why(`${PATH}@v1.0.0`, { env: { ...env, GOPROXY: '' }, args: ['--config', config] });
  for (const row of [/^a +not asked$/m, /^b +yes +h1:/m, /^c +not asked$/m]) assert.match(named.stdout, row);
  assert.deepEqual(await askedFor(), ['b']);
  // A * within a list is for what is public.
  const open = { GOPRIVATE: 'corp.example', GOPROXY: '' };
  const all = await w.why(`${PATH}@v1.0.0`, { env: open, args: ['--config', config, '--json'] });
  assert.equal(all.code, 0, all.stdout);
  assert.deepEqual(await askedFor(), ['a', 'b', 'c']);
});

test('without a database to vouch for it', async (context) => {
  const t = reverseCleanup(context);
  const w = await world(t, { modules: [MOVED, INVENTED], name: 'b' });
  const off = { GOSUMDB: 'off' };
  const differ = await w.why(`${PATH}@v1.0.0`, { env: off });
  assert.deepEqual([differ.code, said(w, differ.page)], [1, ['mirrors-differ a b c']], differ.stderr);
  const only = await w.why(`${PATH}@${PSEUDO}`);
  assert.deepEqual([only.code, said(w, only.page)], [1, ['lags a c']], 'its repository was not asked');
});

test('in words: a row for everybody, and what helps', async (context) => {
  const t = reverseCleanup(context);
  const w = await world(t, { modules: [MOVED], name: 'b' });
  const run = await w.why(`${PATH}@v1.0.0`, { goSum: goSum([WELL]), args: [] });
  assert.equal(run.code, 4);
  const lines = run.stdout.trimEnd().split('\n');
  assert.match(lines[0] ?? '', /^WHO +HAS IT +GO\.MOD +ZIP/);
  assert.match(lines[1] ?? '', /^127\.0\.0\.1:\d+ +yes +right +right$/);
  assert.match(lines[2] ?? '', /^127\.0\.0\.1:\d+ +yes +right +h1:.{8}…$/);
  assert.match(run.stdout, /^its repository +not asked: --no-direct$/m);
  assert.match(run.stderr, /rondo: other content than the checksum database has: 127\.0\.0\.1:\d+\n/);
});

test('in Chinese', async (context) => {
  const t = reverseCleanup(context);
  const w = await world(t, { modules: [], name: 'b' });
  const one = await w.why(`${PATH}@v1.0.0`, { args: [], env: { LANG: 'zh_CN.UTF-8' } });
  assert.match(one.stdout, /^来源 +是否提供 +/);
  assert.match(one.stdout, /^源代码仓库 +未询问：--no-direct$/m);
  assert.match(one.stderr, /以下镜像尚未收录或已不再提供：127\.0\.0\.1:\d+\n/);
  const all = await w.why(PATH, { args: [], env: { LANG: 'zh_CN.UTF-8' } });
  assert.match(all.stdout, /^来源 +是否提供 +版本数 +缺少 +最新版本 +@LATEST\n/);
  assert.match(all.stderr, /以下镜像缺少已有的版本：127\.0\.0\.1:\d+；最新版本是 v1\.0\.0\n/);
});

test('which versions of a module each mirror lists, and what that comes to', async (context) => {
  const t = reverseCleanup(context);
  const modules = [WELL, NEWER];
  const database = ChecksumDatabase.over(modules);
  const w = await world(t, { modules, name: 'b', database });
  const [a, b, c] = w.mirrors;
  assert.ok(a !== undefined && b !== undefined && c !== undefined);
  for (const mirror of [a, c]) await mirror.publish({ modules, database });
  const ask = (env: Record<string, string> = {}): ReturnType<World['why']> =>
    w.why(PATH, { env: { GOSUMDB: database.key, ...env } });

  const well = await ask();
  assert.deepEqual([well.code, said(w, well.page)], [0, ['well']], well.stderr);
  assert.deepEqual(
    well.page.facts.mirrors.map((mirror) => ({ ...mirror, name: '' })),
    [1, 2, 3].map(() => ({
      name: '',
      kind: 'has',
      versions: 2,
      newest: 'v1.1.0',
      latest: 'v1.1.0',
      lacks: 0,
      standing: 'same',
    })),
  );

  await b.publish({ modules: [WELL], database });
  const lags = await ask();
  assert.deepEqual([lags.code, said(w, lags.page)], [1, ['lags b']], lags.stderr);
  // One mirror alone has it, and the checksum database knows it.
  await c.publish({ modules: [WELL], database });
  const first = await ask();
  assert.deepEqual([first.code, said(w, first.page)], [1, ['lags b c']], first.stderr);
  const alone = await ask({ GOSUMDB: 'off' });
  assert.deepEqual([alone.code, said(w, alone.page)], [1, ['ahead a']], alone.stderr);

  await b.publish({ modules: [], database });
  await c.setFault({ kind: 'status', status: 403 });
  const none = await ask();
  assert.deepEqual([none.code, said(w, none.page)], [1, ['lags b', 'refused c']], none.stderr);
  await a.publish({ modules: [], database });
  await c.clearFaults();
  await c.publish({ modules: [], database });
  const nowhere = await ask();
  assert.deepEqual([nowhere.code, said(w, nowhere.page)], [1, ['not-there']]);
  const hidden = await ask({ GOPRIVATE: 'example.com' });
  assert.deepEqual([hidden.code, said(w, hidden.page)], [1, ['private']]);
});

test('lists that no mirror should give are failures, and nobody waits for their end', async (context) => {
  const t = reverseCleanup(context);
  const answers: Readonly<Record<string, string>> = {
    html: '<!DOCTYPE html><html><body>Log in</body></html>',
    long: 'v1.0.0\n'.repeat(1_000_000),
    controls: 'v1.0.0\n\u001B[31mv9.9.9\n',
  };
  const urls = await Promise.all(
    Object.values(answers).map(async (list) => {
      const files = {
        '/example.com/m/@v/list': list,
        '/example.com/m/@latest': '{"Version":"\\u001b[2Jv1"}',
      };
      return (await startMeasuredMirror(t, { files })).url;
    }),
  );
  const { env } = await stranger(t);
  const own = {
    ...env,
    GOPROXY: urls.map(({ host }) => `http://${host}`).join(','),
    RONDO_CACHE_DIR: await tempFolder(t, 'copy'),
  };
  const cwd = await tempFolder(t);
  const ask = (more: object, ...args: string[]): ReturnType<typeof runRondo> =>
    runRondo(t, ['why', PATH, '--no-direct', ...args], { env: { ...own, ...more }, cwd });
  const run = await ask({});
  assert.equal(run.code, 1, run.stderr);
  assert.equal(run.stdout.match(/ fails\b/g)?.length, 3, run.stdout);
  assert.ok(!`${run.stdout}${run.stderr}`.includes('\u001B'));
  // Why, in the user's language; for scripts in English.
  const LANG = 'zh_CN.UTF-8';
  assert.match((await ask({ LANG })).stdout, /^ +@v\/list 不是版本列表$/m);
  assert.match((await ask({ LANG }, '--json')).stdout, /"why": "@v\/list is no list of versions"/);
});
