import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { strongEtag } from '../../src/store/etag.ts';
import { filledCopy, keyOf, type FilledCopy } from '../support/filled-copy.ts';
import { bigModule, manyModules } from '../support/fixture-modules.ts';
import '../support/loopback-only.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { until } from '../support/until.ts';
import { assertCopyIsRight, copyFiles, filesBelow } from './bench.ts';

type Page = {
  readonly version: number;
  readonly files: number;
  readonly findings: readonly { key: string; state: string; quarantine?: string; mended?: boolean }[];
  readonly counts: Readonly<Record<string, number>>;
};

const pageOf = (text: string): Page => JSON.parse(text) as Page;
const keysOf = (page: Page): string[] => page.findings.map(({ key }) => key);

/** Flips a bit in the middle, as a bad disk does: neither size nor time tell. */
async function damage(copy: FilledCopy, key: string): Promise<void> {
  const path = copy.pathOf(key);
  const { atime, mtime } = await stat(path);
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  await writeFile(path, bytes);
  await utimes(path, atime, mtime);
  await vouchFor(copy, key);
}

/** Has the provenance of a file, if it has one, say its present time: what utimes sets is not exact to the nanosecond. */
async function vouchFor(copy: FilledCopy, key: string): Promise<void> {
  const path = join(copy.cacheDir, 'rondo', 'records', 'files', `${key}.json`);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const { size, mtimeNs } = await stat(copy.pathOf(key), { bigint: true });
  const record = { ...(JSON.parse(text) as object), etag: strongEtag(Number(size), mtimeNs) };
  await writeFile(path, JSON.stringify(record));
}

test('of 1000 files 20 are damaged: exactly those are found, and mended from the mirrors', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, await manyModules(250));
  const extensions = ['info', 'mod', 'zip', 'ziphash'];
  const damaged = copy.modules
    .filter((_, index) => index % 12 === 0)
    .slice(0, 20)
    .map((module, index) => keyOf(module, extensions[index % 4] ?? ''))
    .toSorted();
  assert.equal(damaged.length, 20);
  for (const key of damaged) await damage(copy, key);

  const records = (await copyFiles(copy.cacheDir)).filter((name) =>
    /^sumdb\/.*\/(?:lookup|tile)\//.test(name),
  );
  assert.ok(records.length > 250);
  const mended = await copy.rondo('cache', 'verify', '--repair', '--json');
  assert.equal(mended.code, 0, mended.stderr);
  const repaired = pageOf(mended.stdout);
  const pageIs = [1, 750 + records.length, damaged];
  assert.deepEqual([repaired.version, repaired.files, keysOf(repaired)], pageIs);
  assert.ok(repaired.findings.every((finding) => finding.mended === true));
  assert.match(mended.stderr, /20 wrong, 20 of them mended\n.*quarantine now/);
  assert.equal(await assertCopyIsRight(copy.cacheDir, copy.modules), 1000);
  const quarantine = await filesBelow(join(copy.cacheDir, 'quarantine'));
  assert.deepEqual(quarantine.toSorted(), damaged);
  const clean = await copy.rondo('cache', 'verify');
  assert.deepEqual([clean.code, clean.stdout], [0, '']);
  assert.match(clean.stderr, /^rondo: \d+ files, .*; none wrong\n$/m);

  for (const key of damaged) await damage(copy, key);
  const found = await copy.rondo('cache', 'verify', '--json');
  assert.equal(found.code, 4, found.stderr);
  const page = pageOf(found.stdout);
  assert.deepEqual([page.version, page.files, keysOf(page)], pageIs);
  assert.ok(page.findings.every(({ quarantine }) => quarantine?.endsWith('.2') === true));
  assert.match(
    found.stderr,
    /^rondo: \d+ files, .*; 20 wrong\nrondo: .*quarantine now.*\nrondo: .* when somebody asks for it\n$/m,
  );
  assert.ok((await copyFiles(copy.cacheDir)).every((key) => !damaged.includes(key)));
});

test('what is found wrong is not served any more, whatever a server has in its memory', async (context) => {
  const t = reverseCleanup(context);
  const [module] = await manyModules(1);
  assert.ok(module);
  const copy = await filledCopy(t, [module]);
  const key = keyOf(module, 'mod');
  await damage(copy, key);
  const offline = await copy.serve({ offline: true });
  const ask = async ({ url }: { url: string }): Promise<Answer> => {
    const answer = await fetch(`${url}/${key}`);
    return { status: answer.status, isRight: (await answer.text()) === module.mod.toString() };
  };
  assert.deepEqual(
    await ask(offline),
    { status: 200, isRight: false },
    'its size and time are the right ones',
  );
  const found = await copy.rondo('cache', 'verify');
  assert.equal(found.code, 4, found.stderr);
  assert.match(found.stdout, /^WRONG {2}\S+\.mod: .*; set aside\n$/);
  await until('the server has noticed', async () => (await ask(offline)).status !== 200);
  // Whoever may ask the mirrors has the right one from them.
  const online = await copy.serve();
  const right = { status: 200, isRight: true };
  assert.deepEqual([await ask(online), await online.stop()], [right, 0]);
  assert.deepEqual(await ask(offline), right);

  await damage(copy, key);
  const again = await copy.serve({ offline: true });
  assert.deepEqual(await ask(again), { status: 200, isRight: false });
  assert.equal((await copy.rondo('cache', 'verify', '--repair')).code, 0);
  await until('the server has noticed', async () => (await ask(again)).isRight);
});

type Answer = { readonly status: number; readonly isRight: boolean };

test('what cannot be set aside is said to be served as it is', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, await manyModules(1));
  const [module] = copy.modules;
  assert.ok(module);
  await damage(copy, keyOf(module, 'mod'));
  await writeFile(join(copy.cacheDir, 'quarantine'), 'in the way');
  const run = await copy.rondo('cache', 'verify');
  assert.equal(run.code, 4, run.stderr);
  assert.match(run.stdout, /^WRONG {2}\S+\.mod: .*; not set aside, and served as it is: cannot set .* aside/);
  assert.match(run.stderr, /; 1 wrong\nrondo: choose another folder with --cache-dir\n$/);
  // With a network too: it is no mirror's fault, and the same command again would not help.
  const repair = await copy.rondo('cache', 'verify', '--repair');
  assert.equal(repair.code, 2, repair.stderr);
  assert.match(repair.stdout, /^WRONG {2}\S+\.mod: .*; not fetched again: cannot set .* aside/);
  assert.match(repair.stderr, /; 1 wrong\nrondo: choose another folder with --cache-dir\n$/);
});

test('where no mirror has the right one it is set aside all the same, and that is said', async (context) => {
  const t = reverseCleanup(context);
  const big = await bigModule('example.com/big', 'v1.0.0', 1);
  const copy = await filledCopy(t, [big]);
  await damage(copy, keyOf(big, 'zip'));
  for (const mirror of copy.mirrors) await mirror.setFault({ kind: 'status', status: 503 });
  const run = await copy.rondo('cache', 'verify', '--repair', '--set', 'timeouts.deadline=2s');
  assert.equal(run.code, 3, run.stderr);
  assert.match(run.stdout, /^WRONG {2}example\.com\/big\/@v\/v1\.0\.0\.zip: .*; not fetched again: .*503/);
  assert.deepEqual(await readdir(join(copy.cacheDir, 'quarantine', 'example.com', 'big', '@v')), [
    'v1.0.0.zip',
  ]);
});

test('what was set aside and not fetched again is missing, until a repair fetches it', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, await manyModules(5));
  assert.equal((await copy.rondo('cache', 'seal')).code, 0);
  const database = `sumdb/${copy.database.name}`;
  const [, , , , last] = copy.modules;
  assert.ok(last);
  const record = `${database}/lookup/${last.path}@${last.version}`;
  const tile = `${database}/tile/8/0/000.p/${copy.database.size}`;
  const files = ['info', 'mod', 'zip', 'ziphash'].map((extension, index) =>
    keyOf(copy.modules[index] ?? last, extension),
  );
  const before = await copyFiles(copy.cacheDir);
  const statesOf = ({ findings }: Page): Record<string, string> =>
    Object.fromEntries(findings.map(({ key, state }) => [key, state]));
  const all = (keys: readonly string[], state: string): Record<string, string> =>
    Object.fromEntries(keys.map((key) => [key, state]));
  const verified = async (): Promise<Record<string, string>> =>
    statesOf(pageOf((await copy.rondo('cache', 'verify', '--json')).stdout));
  for (const key of files) await damage(copy, key);
  const text = await readFile(copy.pathOf(record), 'utf8');
  await writeFile(copy.pathOf(record), text.replace(last.zipH1, last.modH1));
  assert.deepEqual(await verified(), all([...files, record], 'wrong'));
  await damage(copy, tile);
  assert.deepEqual(await verified(), { ...all([...files, record], 'missing'), [tile]: 'wrong' });

  const missing = all([...files, record, tile], 'missing');
  const again = await copy.rondo('cache', 'verify', '--json');
  assert.equal(again.code, 1, again.stderr);
  assert.deepEqual(statesOf(pageOf(again.stdout)), missing);
  assert.match(again.stderr, /; none wrong; 6 missing\nrondo: rondo cache verify --repair fetches it,/);

  for (const mirror of copy.mirrors) await mirror.setFault({ kind: 'status', status: 503 });
  const cut = await copy.rondo('cache', 'verify', '--repair', '--set', 'timeouts.deadline=1s');
  assert.equal(cut.code, 3, cut.stderr);
  assert.match(cut.stdout, /^MISSING {2}\S+\.zip: .*; not fetched again: /m);
  assert.match(
    cut.stderr,
    /\nrondo: when the network is back: rondo cache verify --repair --set timeouts\.deadline=1s\n$/,
  );

  for (const mirror of copy.mirrors) await mirror.clearFaults();
  const mended = await copy.rondo('cache', 'verify', '--repair', '--json');
  assert.equal(mended.code, 0, mended.stdout);
  // The hash of a zip that is there needs no mirror.
  const { [keyOf(copy.modules[3] ?? last, 'ziphash')]: _mended, ...left } = missing;
  assert.deepEqual(statesOf(pageOf(mended.stdout)), left);
  assert.match(mended.stderr, /; none wrong; 5 missing, 5 of them fetched\n$/);
  assert.deepEqual((await copyFiles(copy.cacheDir)).toSorted(), before.toSorted());
  const clean = await copy.rondo('cache', 'verify');
  assert.deepEqual([clean.code, clean.stdout], [0, '']);
});

test('without a network the first file says why, and the rest waits for nobody', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, await manyModules(40));
  for (const mirror of copy.mirrors) await mirror.stop();
  for (const module of copy.modules) await damage(copy, keyOf(module, 'mod'));
  const run = await copy.rondo('cache', 'verify', '--repair', '--set', 'timeouts.deadline=1s');
  assert.equal(run.code, 3, run.stderr);
  assert.equal(run.stderr.match(/no mirror can be reached \(.*\); the rest is not asked for/g)?.length, 1);
  const ends = run.stdout.match(/not fetched again: nobody is asked any more/g)?.length ?? 0;
  // Those that were under way at the same time have waited, too.
  assert.ok(ends >= 40 - availableParallelism(), `${ends} of 40`);
  assert.equal(run.stdout.match(/^WRONG/gm)?.length, 40);
});

test('a file of which nothing is known is unproven, and that is a finding', async (context) => {
  const t = reverseCleanup(context);
  const [module, other] = await manyModules(2);
  assert.ok(module && other);
  const copy = await filledCopy(t, [module]);
  const key = keyOf(other, 'mod');
  await mkdir(dirname(copy.pathOf(key)), { recursive: true });
  await writeFile(copy.pathOf(key), other.mod);
  const run = await copy.rondo('cache', 'verify', '--json');
  assert.equal(run.code, 1, run.stderr);
  assert.deepEqual(
    pageOf(run.stdout).findings.map(({ key: found, state }) => [found, state]),
    [[key, 'unproven']],
  );
});

test('a damaged checksum record makes no right file a wrong one; it and a damaged tile are mended', async (context) => {
  const t = reverseCleanup(context);
  const copy = await filledCopy(t, await manyModules(4));
  assert.equal((await copy.rondo('cache', 'seal')).code, 0);
  const [module] = copy.modules;
  assert.ok(module);
  const database = `sumdb/${copy.database.name}`;
  const record = `${database}/lookup/${module.path}@${module.version}`;
  const tile = `${database}/tile/8/0/000.p/${copy.database.size}`;
  const text = await readFile(copy.pathOf(record), 'utf8');
  for (const [key, kind] of [
    [record, 'record'],
    [tile, 'tile'],
  ] as const) {
    if (kind === 'tile') await damage(copy, key);
    else await rewrite(copy, key, text.replace(module.zipH1, module.modH1));
    const mended = await copy.rondo('cache', 'verify', '--repair', '--json');
    assert.equal(mended.code, 0, mended.stdout);
    assert.deepEqual(keysOf(pageOf(mended.stdout)), [key]);
    assert.equal((await copy.rondo('cache', 'verify')).code, 0);
    assert.equal((await copy.rondo('cache', 'seal', '--offline')).code, 0);
  }
  assert.equal(await readFile(copy.pathOf(record), 'utf8'), text);

  // Without the mirrors both are set aside.
  await rewrite(copy, record, text.replace(module.zipH1, module.modH1));
  for (const key of [record, tile]) {
    if (key === tile) await damage(copy, tile);
    const found = await copy.rondo('cache', 'verify', '--json');
    assert.equal(found.code, 4, found.stderr);
    const { findings } = pageOf(found.stdout);
    const states = findings.map(({ key: named, state }) => [named, state]);
    // The record is not there any more by the time that the tile is found.
    assert.deepEqual(states, [[key, 'wrong'], ...(key === tile ? [[record, 'missing']] : [])]);
    assert.equal((await copyFiles(copy.cacheDir)).includes(key), false);
  }
});

/** Other content of the same size and time. */
async function rewrite(copy: FilledCopy, key: string, text: string): Promise<void> {
  const path = copy.pathOf(key);
  const { atime, mtime } = await stat(path);
  await writeFile(path, text);
  await utimes(path, atime, mtime);
}
