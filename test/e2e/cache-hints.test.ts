import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { filledCopy, keyOf } from '../support/filled-copy.ts';
import { manyModules, type FixtureModule } from '../support/fixture-modules.ts';
import '../support/loopback-only.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { goSum } from './bench.ts';

test('the commands that are recommended mean the copy that was named, and lead on', async (context) => {
  const t = reverseCleanup(context);
  const modules = await manyModules(2);
  const [first, second] = modules as [FixtureModule, FixtureModule];
  const filled = await filledCopy(t, modules);
  await writeFile(join(filled.home, 'go.sum'), goSum(modules));
  await writeFile(filled.pathOf(keyOf(first, 'mod')), 'module example.com/other\n');
  await rm(filled.pathOf(keyOf(second, 'zip')));
  const elsewhere = filled.withEnv({ RONDO_CACHE_DIR: await tempFolder(t, 'elsewhere') });
  const named = ['--cache-dir', filled.cacheDir, '--set', 'cache.memory=1 MiB'];
  const options = `--cache-dir ${filled.cacheDir} --set 'cache.memory=1 MiB'`;

  const bySum = await elsewhere.rondo('verify', ...named);
  assert.equal(bySum.code, 4);
  const lines = bySum.stderr.trimEnd().split('\n').slice(-2);
  assert.deepEqual(lines, [
    `rondo: what differs is damaged here, or go.sum is wrong; to mend the copy: rondo cache verify --repair ${options}`,
    `rondo: a build may not need all of them; what go has already: rondo cache import "$(go env GOMODCACHE)" ${options};` +
      ` what it has not: rondo exec ${options} -- go mod download`,
  ]);
  const all = await elsewhere.rondo('cache', 'verify', ...named);
  assert.ok(
    all.stderr.endsWith(
      `\nrondo: rondo cache verify --repair ${options} fetches it, where there is a network; a server does when somebody asks for it\n`,
    ),
    all.stderr,
  );
});

test('an import says what to do about what it left out', async (context) => {
  const t = reverseCleanup(context);
  const [known, wrong] = (await manyModules(2)) as [FixtureModule, FixtureModule];
  const copy = await filledCopy(t, [known, wrong]);
  const folder = join(copy.home, 'proxy');
  assert.equal((await copy.rondo('cache', 'export', folder)).code, 0);
  await rm(join(folder, 'sumdb'), { recursive: true });
  const other = copy.withEnv({ RONDO_CACHE_DIR: await tempFolder(t, 'other') });
  const offline = await other.rondo('cache', 'import', pathToFileURL(folder).href, '--offline');
  assert.equal(offline.code, 1, offline.stderr);
  assert.match(offline.stderr, /; 2 \.info files ignored, nothing else of whose version was taken$/m);
  assert.ok(
    offline.stderr.includes(
      `rondo: to verify the 4 files that nothing is known of, where there is a network: rondo cache import ${folder}\n`,
    ),
    offline.stderr,
  );
  await writeFile(join(folder, keyOf(wrong, 'mod')), 'module example.com/other\n');
  const run = await other.rondo('cache', 'import', folder);
  assert.equal(run.code, 4, run.stderr);
  assert.match(run.stderr, /^rondo: what is wrong was left out; /m);
});

test('what only reads a copy that cannot be written says that it goes on', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, await manyModules(1));
  const spool = join(copy.cacheDir, 'rondo', 'spool');
  await rm(spool, { recursive: true });
  await writeFile(spool, '');
  const run = await copy.rondo('cache', 'ls');
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stderr, /^warning: the copy cannot be written, what only reads it goes on: /m);
});

test('words that mean nothing: what is no folder, no go.sum, and nothing in the copy', async (context) => {
  const t = reverseCleanup(context);
  const [module] = (await manyModules(1)) as [FixtureModule];
  const copy = await filledCopy(t, [module]);
  await mkdir(join(copy.home, 'project'));
  await writeFile(join(copy.home, 'project', 'go.sum'), goSum([module]));
  await writeFile(join(copy.home, 'bad.sum'), 'a b\n');
  const hinted: [string[], RegExp][] = [
    [['cache', 'import', 'none'], /none is no folder \(E_USAGE\)\nhint: name one that is there: /],
    [['cache', 'import', 'file://elsewhere/none'], /names no folder of this machine \(E_USAGE\)\nhint: /],
    [['verify', 'none'], /cannot read .*none: ENOENT \(E_USAGE\)\nhint: name a go\.sum, /],
    [['cache', 'export', 'out', '--go-sum', 'none'], /ENOENT \(E_USAGE\)\nhint: name a go\.sum, /],
    [['verify', 'bad.sum'], /malformed go\.sum.* \(E_GO_SUM\)\nhint: mend that line, /],
  ];
  for (const [args, pattern] of hinted) {
    const run = await copy.rondo(...args);
    assert.equal(run.code, 2, args.join(' '));
    assert.match(run.stderr, pattern);
  }
  assert.equal((await copy.rondo('verify', 'project')).code, 0, 'a folder stands for its go.sum');

  const version = `${module.path}@${module.version}`;
  const one = await copy.rondo('cache', 'ls', version);
  assert.match(one.stdout, /^MODULE.*\nexample\.com\/n\/m0 +v1\.0\.0 /);
  for (const word of ['m0', `${module.path}@v9.0.0`]) {
    const none = await copy.rondo('cache', 'ls', version, word, '--json');
    assert.equal(none.code, 0);
    assert.match(none.stderr, new RegExp(`^warning: ${word}: nothing in the copy matches; `, 'm'));
  }
  const purge = await copy.rondo('cache', 'purge', 'example.com/none@main');
  assert.equal(purge.code, 0, 'the next question is asked of the mirrors in any case');
  assert.match(purge.stderr, /^warning: the copy has no answer about example\.com\/none@main$/m);
  const help = await copy.rondo('cache', 'verify', '--help');
  assert.match(help.stdout, /^Exit codes:\n {2}0 {4}all is well/m);
});
