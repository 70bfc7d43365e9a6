import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { fixtureModule } from '../support/fixture-modules.ts';
import '../support/loopback-only.ts';
import { startMirror, type MirrorProcess } from '../support/mirror-process.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import { goSum } from './bench.ts';
import { runRondo, stranger } from './rondo-command.ts';

const PATH = 'example.com/m';
const PSEUDO = 'v0.0.0-20240301120000-abcdef012345';
const WELL = await fixtureModule({ path: PATH, version: 'v1.0.0' });
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
  const hidden = await w.why(`${PATH}@v1.0.0`, { env: { GOPRIVATE: 'example.com' } });
  assert.deepEqual([hidden.code, said(w, hidden.page)], [1, ['private']]);
  for (const mirror of w.mirrors)
    assert.ok(
      (await mirror.requests()).every(({ path }) => !path.includes('hidden')),
      'no mirror hears a private name',
    );
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
  const slip = await w.why(PATH, { args: [] });
  assert.equal(slip.code, 2);
  assert.match(slip.stderr, /hint: rondo why example\.com\/m@v1\.2\.3/);
});
