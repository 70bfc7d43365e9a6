import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { filledCopy, keyOf } from '../support/filled-copy.ts';
import { manyModules, type FixtureModule } from '../support/fixture-modules.ts';
import '../support/loopback-only.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { goSum } from './bench.ts';
import { runRondo } from './rondo-command.ts';

type Line = { line: number; module: string; kind: string; state: string };
type Page = {
  version: number;
  files: { file: string; counts: Record<string, number>; lines: Line[]; flaws: unknown[] }[];
};

test('each line of go.sum: held and equal, held and different, missing; 0, 4, 1', async (context) => {
  const t = reverseCleanup(context);
  const modules = await manyModules(4);
  const [absent, ...held] = modules as [FixtureModule, ...FixtureModule[]];
  const copy = await filledCopy(t, held);
  const folder = join(copy.home, 'project', 'below');
  await mkdir(folder, { recursive: true });
  const file = join(copy.home, 'project', 'go.sum');
  const verify = async (text: string, ...flags: string[]): ReturnType<typeof runRondo> => {
    await writeFile(file, text);
    return runRondo(t, ['verify', ...flags], { env: copy.env, cwd: folder });
  };

  const equal = await verify(goSum(held));
  assert.deepEqual([equal.code, equal.stdout], [0, ''], equal.stderr);
  assert.ok(equal.stderr.endsWith(`rondo: ${file}: 6 of 6 lines held and equal\n`), equal.stderr);

  const missing = await verify(goSum([absent, ...held]));
  assert.equal(missing.code, 1);
  assert.match(
    missing.stdout,
    /^MISSING .*:1: example\.com\/n\/m0@v1\.0\.0: not in the copy\nMISSING .*:2: .* go\.mod: /,
  );
  assert.match(missing.stderr, /6 of 8 lines held and equal, 2 missing\n.*go mod download\n$/);

  const [first] = held as [FixtureModule];
  const forged = goSum(held).replace(first.zipH1, first.modH1);
  const different = await verify(forged, '--json');
  assert.equal(different.code, 4);
  const [page] = (JSON.parse(different.stdout) as Page).files;
  assert.deepEqual(page?.counts, { equal: 5, different: 1, missing: 0, unreadable: 0 });
  assert.deepEqual(
    page?.lines.filter(({ state }) => state === 'different').map(({ line, kind }) => [line, kind]),
    [[1, 'zip']],
  );

  const contradicting = await verify(`${goSum(held)}${first.path} ${first.version} ${first.modH1}\n`);
  assert.equal(contradicting.code, 4, 'a later line with another hash is different, too');
  const odd = await verify(`${goSum(held)}example.com/n/m1 v1 ${first.modH1}\n`);
  assert.equal(odd.code, 1);
  assert.match(odd.stdout, /^MALFORMED .*:7: "v1" is no canonical version\n$/);
});

test('what is on the disk counts, not what was once written down; no mirror and no database is asked', async (context) => {
  const t = reverseCleanup(context);
  const held = await manyModules(2);
  const copy = await filledCopy(t, held);
  for (const mirror of copy.mirrors) await mirror.resetLog();
  const [first, second] = held as [FixtureModule, FixtureModule];
  await writeFile(copy.pathOf(keyOf(first, 'mod')), 'module example.com/other\n');
  await rm(copy.pathOf(keyOf(second, 'zip')));
  await writeFile(join(copy.home, 'go.sum'), goSum(held));
  const run = await copy.rondo('verify', 'go.sum');
  assert.equal(run.code, 4, run.stderr);
  assert.match(
    run.stdout,
    /^DIFFERENT .*go\.sum:2: example\.com\/n\/m0@v1\.0\.0 go\.mod: its hash is another one\n/,
  );
  assert.match(run.stdout, /\nMISSING .*go\.sum:3: example\.com\/n\/m1@v1\.0\.0: not in the copy\n$/);
  for (const mirror of copy.mirrors) assert.deepEqual(await mirror.requests(), []);
});

test('a go.sum that is not there, or is none, is a mistake of the command line', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, []);
  const none = await copy.rondo('verify');
  assert.equal(none.code, 2);
  assert.match(none.stderr, /there is no go\.sum in .* \(E_USAGE\)\nhint: /);
  assert.match((await copy.rondo('verify', 'no-such-file')).stderr, /cannot read .*no-such-file: ENOENT/);
  await writeFile(join(copy.home, 'go.sum'), 'a b\n');
  const malformed = await copy.rondo('verify');
  assert.equal(malformed.code, 2);
  assert.match(malformed.stderr, /go\.sum: malformed go\.sum: line 1 has 2 fields/);
});

test('nothing that a checkout is called moves the cursor', async (context) => {
  const t = reverseCleanup(context);
  const [module] = await manyModules(1);
  assert.ok(module !== undefined);
  const copy = await filledCopy(t, []);
  const folder = join(copy.home, 'project\u001b]0;owned\u0007\u001b[31m\u202egnp');
  await mkdir(folder);
  await writeFile(join(folder, 'go.sum'), `${goSum([module])}example.com/n/m1 v1 ${module.modH1}\n`);
  await writeFile(join(folder, '.goproxy'), '[cache]\nmax_size = 1GiB\n');
  for (const args of [['verify'], ['config', 'check', '.goproxy'], ['cache', 'import', '.']]) {
    const run = await runRondo(t, args, { env: copy.env, cwd: folder });
    const shown = run.stdout + run.stderr;
    assert.ok(shown.includes('project\u{FFFD}]0;owned\u{FFFD}\u{FFFD}[31m\u{FFFD}gnp'), shown);
    assert.doesNotMatch(shown, /[^\P{C}\n]/u, args.join(' '));
  }
});
