import assert from 'node:assert/strict';
import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findExecutable } from '../../src/host/find-executable.ts';
import { fixtureModule } from '../support/fixture-modules.ts';
import '../support/loopback-only.ts';
import { startMeasuredMirror } from '../support/measured-mirror.ts';
import { testWith } from '../support/requirements.ts';
import { reservePort } from '../support/reserved-port.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { isGone } from '../support/is-gone.ts';
import { tempFolder, type Cleanup } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { runRondo, startRondo, stranger, type RondoProcess } from './rondo-command.ts';

const SAMPLE = await fixtureModule({ path: 'golang.org/x/text', version: 'v0.3.0' });

type Page = { readonly findings: readonly { readonly id: string; readonly fix?: string }[] };

/** A user whose go answers as it does, except for what it fetches: then it does what `fetch` says, a line of sh. */
async function withGo(
  t: Cleanup,
  fetch: string,
): Promise<{
  readonly run: (env?: Record<string, string>, ...args: string[]) => ReturnType<typeof runRondo>;
  readonly start: (env: Record<string, string>) => RondoProcess;
  readonly bin: string;
  readonly home: string;
}> {
  const { env, home } = await stranger(t);
  const go = await findExecutable('go', process.platform, env, '/');
  const git = await findExecutable('git', process.platform, env, '/');
  assert.ok(go.kind === 'found' && git.kind === 'found');
  const bin = await tempFolder(t, 'bin');
  const script = `#!/bin/sh\nif [ "$1" = mod ]; then ${fetch}; exit; fi\nexec ${go.path} "$@"\n`;
  await writeFile(join(bin, 'go'), script, { mode: 0o755 });
  for (const [name, path] of [
    ['gofmt', join(go.path, '..', 'gofmt')],
    ['git', git.path],
  ] as const)
    await symlink(path, join(bin, name));
  const files = { '/golang.org/x/text/@v/v0.3.0.zip': SAMPLE.zip.toString('latin1') };
  const { url } = await startMeasuredMirror(t, { files });
  const copy = await tempFolder(t, 'copy');
  const own = {
    ...env,
    PATH: bin,
    GOSUMDB: 'sum.golang.org',
    GOPROXY: `${url.href},direct`,
    RONDO_CACHE_DIR: copy,
  };
  const run = (more: Record<string, string> = {}, ...args: string[]): ReturnType<typeof runRondo> =>
    runRondo(t, ['doctor', ...args], { env: { ...own, ...more }, cwd: home });
  const start = (more: Record<string, string>): RondoProcess =>
    startRondo(t, ['doctor'], { env: { ...own, ...more }, cwd: home });
  return { run, start, bin, home };
}

/** The URL of the mirror in GOPROXY, by what doctor printed. */
function chainOf(stdout: string): string {
  return /GOPROXY=(\S+),direct/.exec(stdout)?.[1] ?? '';
}

const sayJson = (page: object): string => `echo '${JSON.stringify(page)}'`;

await testWith(
  ['go'],
  'one module by the mirrors and by its repository, where go would ask that',
  async (context) => {
    const t = reverseCleanup(context);
    const { run: same, bin } = await withGo(t, sayJson({ Sum: SAMPLE.zipH1 }));
    const well = await same();
    assert.equal(well.code, 0, well.stdout);
    assert.match(
      well.stdout,
      /^direct: golang\.org\/x\/text@v0\.3\.0 came from its own repository, and is the same at 127\.0\.0\.1:\d+$/m,
    );
    assert.match(
      well.stdout,
      /^ +GOPROXY=http:\S+ \(the environment\): asked in this order: 127\.0\.0\.1:\d+, and at last/m,
    );
    const { direct } = JSON.parse((await same({}, '--json')).stdout) as {
      direct: { use: string; answer: object };
    };
    assert.deepEqual([direct.use, direct.answer], ['direct', { kind: 'has', h1: SAMPLE.zipH1 }]);
    const unasked = await same({}, '--no-direct');
    assert.deepEqual([unasked.code, unasked.stdout.includes('direct: ')], [0, false]);
    await rm(join(bin, 'git'));
    const noGit = await same();
    assert.equal(noGit.code, 1);
    assert.match(noGit.stdout, /! finding: there is no git on PATH, and go needs it to ask repositories\n/);
    assert.equal((await same({ GOPROXY: chainOf(noGit.stdout) })).code, 0, 'nobody asks repositories');

    const { run: other } = await withGo(t, sayJson({ Sum: `h1:${'A'.repeat(43)}=` }));
    const differs = await other();
    assert.equal(differs.code, 1);
    assert.match(
      differs.stdout,
      /! finding: 127\.0\.0\.1:\d+ and the repository of golang\.org\/x\/text@v0\.3\.0 have different/,
    );
    assert.match(differs.stdout, /fix: rondo why golang\.org\/x\/text@v0\.3\.0\n/);

    const { run: blocked } = await withGo(t, 'echo "dial tcp: i/o timeout" >&2; exit 1');
    const note = await blocked();
    assert.equal(note.code, 0, note.stdout);
    assert.match(
      note.stdout,
      /- note: repositories cannot be reached from here[^]*i\/o timeout[^]*all is well, 1 note\n$/,
    );
    const alone = await blocked({ GOPROXY: 'direct' });
    assert.equal(alone.code, 1);
    assert.match(
      alone.stdout,
      /! finding: no mirror works, and repositories cannot be reached from here either/,
    );
  },
);

await testWith(['go'], 'a GOROOT that is none, and all of it in Chinese', async (context) => {
  const t = reverseCleanup(context);
  const { run } = await withGo(t, 'exit 1');
  const goroot = await run({ GOROOT: '/nowhere', GOPROXY: 'http://127.0.0.1:1,off' }, '--json');
  const { findings } = JSON.parse(goroot.stdout) as Page;
  assert.deepEqual(
    findings.map(({ id, fix }) => [id, fix]).filter(([id]) => id?.startsWith('go.')),
    [['go.goroot', 'unset GOROOT']],
  );
  const chinese = await run({ LANG: 'zh_CN.UTF-8', GOSUMDB: 'off' });
  assert.equal(chinese.code, 1);
  assert.match(chinese.stdout, /^ +GOSUMDB=off（环境变量）：任何模块都不与校验和数据库比对$/m);
  assert.match(
    chinese.stdout,
    /^! 问题：GOSUMDB=off：无法证明所用的模块与其他人的相同\n {4}GOSUMDB=off（环境变量）\n {4}解决：unset GOSUMDB$/m,
  );
  assert.match(chinese.stdout, /\n1 个问题，1 条提示\n$/);
});

await testWith(
  ['go'],
  'go is to use a Rondo that does not run: said, with what starts it',
  async (context) => {
    const t = reverseCleanup(context);
    const { run } = await withGo(t, 'exit 1');
    const reserved = await reservePort();
    t.after(async () => reserved.release());
    const address = `127.0.0.1:${reserved.port}`;
    const here = { RONDO_SERVER_LISTEN: address, GOPROXY: `http://${address},direct` };
    const found = async (env: Record<string, string>): Promise<Page['findings']> =>
      (JSON.parse((await run(env, '--no-direct', '--json')).stdout) as Page).findings;
    const expected = {
      id: 'go.goproxy-silent',
      fix: `rondo serve --port ${reserved.port}   (or, to do without Rondo: unset GOPROXY)`,
    };
    const silent = (await found(here)).find(({ id }) => id.startsWith('go.'));
    assert.deepEqual({ id: silent?.id, fix: silent?.fix }, expected);
    // As a mirror of Rondo's own chain it is said to be silent there.
    const mirror = await found({ GOPROXY: `http://${address},direct` });
    assert.deepEqual(
      mirror.map(({ id }) => id),
      ['mirror.connect-refused'],
    );
  },
);

await testWith(['go'], 'one mistake in GOPROXY is one finding', async (context) => {
  const t = reverseCleanup(context);
  const { run } = await withGo(t, 'exit 1');
  const table: [goproxy: string, finding: RegExp][] = [
    ['htps://a.invalid,direct', /GOPROXY is no list of proxies[^]*unknown scheme[^]*fix: unset GOPROXY/],
    ['https://a.invalid;direct', /GOPROXY need a comma[^]*fix: export GOPROXY=https:\/\/a\.invalid,direct/],
  ];
  for (const [GOPROXY, finding] of table) {
    const { code, stdout } = await run({ GOPROXY }, '--no-direct');
    assert.equal(code, 1);
    assert.match(stdout, finding);
    assert.match(stdout, /\n1 finding\n$/);
  }
});

await testWith(
  ['go'],
  'Ctrl-C ends the go that it waits for, with and without a configuration, and leaves no folder',
  async (context) => {
    const t = reverseCleanup(context);
    const notes = await tempFolder(t, 'notes');
    const pid = join(notes, 'pid');
    const sleep = await findExecutable('sleep', process.platform, process.env, '/');
    const mv = await findExecutable('mv', process.platform, process.env, '/');
    assert.ok(sleep.kind === 'found' && mv.kind === 'found');
    const hangs = `${sleep.path} 3600 & echo $! >${pid}.new; ${mv.path} ${pid}.new ${pid}; wait`;
    const { start, home } = await withGo(t, hangs);
    for (const config of ['', '[mirror\n']) {
      await writeFile(join(home, '.goproxy'), config);
      await rm(pid, { force: true });
      const tmp = await tempFolder(t, 'tmp');
      const rondo = start({ TMPDIR: tmp });
      const read = (): Promise<string> => readFile(pid, 'utf8').catch(() => '');
      await until('go fetches', async () => (await read()) !== '');
      const child = Number(await read());
      rondo.child.kill('SIGINT');
      assert.equal(await rondo.ended, 130, rondo.stderr());
      assert.match(rondo.stderr(), /interrupted/);
      await until('what go had started is gone', () => isGone(child));
      const left = (await readdir(tmp)).filter((name) => name.startsWith('rondo-'));
      assert.deepEqual(left, []);
    }
  },
);
