import assert from 'node:assert/strict';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { copyWork } from '../../test/support/copy-work.ts';
import { keyOf } from '../../test/support/filled-copy.ts';
import { bigModule, manyModules, type FixtureModule } from '../../test/support/fixture-modules.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { systemClock } from '../kit/clock.ts';
import { openPlainFolder, type PlainFolder } from '../store/plain-folder.ts';
import { render } from '../words/render.ts';
import { importFolder } from './import-folder.ts';

const [first, second] = (await manyModules(2)) as [FixtureModule, FixtureModule];

async function folderWith(
  t: TestContext,
  files: Readonly<Record<string, Buffer | string>>,
): Promise<{ folder: PlainFolder; path: string }> {
  const path = await tempFolder(t, 'import');
  for (const [key, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, key)), { recursive: true });
    await writeFile(join(path, key), content);
  }
  return { folder: await openPlainFolder(path, systemClock, process.platform), path };
}

test('what is judged is what is kept, whatever becomes of the folder meanwhile', async (t) => {
  const big = await bigModule('example.com/big', 'v1.0.0', 1);
  const { work } = await copyWork(t, { known: [big] });
  const { folder } = await folderWith(t, { [keyOf(big, 'zip')]: big.zip });
  let opened = 0;
  const get: PlainFolder['get'] = async (key) => {
    const file = await folder.get(key);
    if (file === undefined) return undefined;
    // Right when it is read first, somebody else's from then on.
    const open = (): Readable => Readable.from([opened++ === 0 ? big.zip : Buffer.alloc(big.zip.length)]);
    return { ...file, open };
  };
  const report = await importFolder({ ...folder, get }, work);
  assert.deepEqual([report.imported, report.findings, opened], [1, [], 1]);
  const kept = await work.store.get(keyOf(big, 'zip'));
  assert.ok(kept?.localPath !== undefined && (await readFile(kept.localPath)).equals(big.zip));
});

test('what nobody vouches for is not even copied', async (t) => {
  const big = await bigModule('example.com/big', 'v1.0.0', 1);
  const { folder } = await folderWith(t, { [keyOf(big, 'zip')]: big.zip });
  let opened = 0;
  const get: PlainFolder['get'] = async (key) => {
    const file = await folder.get(key);
    return file === undefined ? undefined : { ...file, open: () => ((opened += 1), file.open()) };
  };
  for (const options of [{}, { down: true }, { exempt: () => true }]) {
    const { work } = await copyWork(t, options);
    const { findings } = await importFolder({ ...folder, get }, work);
    assert.deepEqual(
      findings.map(({ state }) => state),
      ['unverified'],
    );
  }
  assert.equal(opened, 0);
});

test('a link to somewhere else, a name that go would not write, and unfinished files are no modules', async (t) => {
  const { work } = await copyWork(t, { known: [first] });
  const { folder, path } = await folderWith(t, {
    'elsewhere.mod': first.mod,
    'example.com/n/m0/@v/v1.0.0.zip1234.tmp': first.zip,
    'example.com/n/m0/@v/v1.mod': first.mod,
    'example.com/n/m0/@v/.rondo-1-0123456789ab-1': first.mod,
  });
  await symlink(join(path, 'elsewhere.mod'), join(path, keyOf(first, 'mod')));
  const report = await importFolder(folder, work);
  assert.deepEqual([report.versions, report.imported], [0, 0]);
});

test('what is exempt from the checksum database is taken on trust only where that is said', async (t) => {
  const { work, keep } = await copyWork(t, { known: [second], exempt: (path) => path === first.path });
  const kinds = ['info', 'mod', 'zip'] as const;
  const files = [first, second].flatMap((module) => kinds.map((kind) => [keyOf(module, kind), module[kind]]));
  const { folder } = await folderWith(t, Object.fromEntries(files) as Record<string, Buffer>);
  const wary = await importFolder(folder, work);
  assert.deepEqual([wary.imported, wary.trusted, wary.alone], [3, 0, 1]);
  assert.deepEqual(
    wary.findings.map(({ module, kind, state, exempt }) => [module, kind, state, exempt]),
    [
      [first.path, 'mod', 'unverified', true],
      [first.path, 'zip', 'unverified', true],
    ],
  );
  for (const kind of kinds) assert.equal(await work.store.get(keyOf(first, kind)), undefined, kind);

  // A hash that was kept vouches for it, and convicts it.
  await keep(first, 'mod', 'first-use');
  await work.store.remove(keyOf(first, 'mod'));
  const vouched = await importFolder(folder, work);
  assert.deepEqual([vouched.imported, vouched.trusted, vouched.findings.length], [2, 0, 1]);
  const trusting = await importFolder(folder, work, { trust: true });
  assert.deepEqual([trusting.imported, trusting.trusted, trusting.findings], [1, 1, []]);
});

test('links that take the place of files after the walk give nothing away', async (t) => {
  const { work } = await copyWork(t, { exempt: () => true });
  const { folder, path } = await folderWith(t, {
    [keyOf(first, 'mod')]: first.mod,
    [keyOf(second, 'mod')]: second.mod,
    'secret.mod': 'PRIVATE KEY\n',
  });
  async function* keys(prefix: string): AsyncGenerator<string> {
    yield* folder.keys(prefix);
    await rm(join(path, keyOf(second, 'mod')));
    await symlink(join(path, 'secret.mod'), join(path, keyOf(second, 'mod')));
  }
  const report = await importFolder({ ...folder, keys }, work, { trust: true });
  assert.equal(report.imported, 1);
  assert.deepEqual(
    report.findings.map(({ module, state }) => [module, state]),
    [[second.path, 'failed']],
  );
  assert.match(render(report.findings[0]?.why ?? ''), /link, which is not followed/);
  assert.equal(await work.store.get(keyOf(second, 'mod')), undefined);
});

test('an .info comes only beside something that is right', async (t) => {
  const { work } = await copyWork(t, { known: [first] });
  const { folder } = await folderWith(t, {
    [keyOf(first, 'info')]: first.info,
    [keyOf(first, 'mod')]: first.mod,
    [keyOf(second, 'info')]: second.info,
  });
  const report = await importFolder(folder, work);
  assert.deepEqual([report.imported, report.alone, report.findings], [2, 1, []]);
  assert.equal(await work.store.get(keyOf(second, 'info')), undefined);
});

test('a copy that cannot be written ends it, one file that cannot does not', async (t) => {
  const { work } = await copyWork(t, { known: [first, second] });
  const { folder } = await folderWith(t, {
    [keyOf(first, 'mod')]: first.mod,
    [keyOf(second, 'mod')]: second.mod,
  });
  const { store } = work;
  const hint = 'lower min_free';
  const full = (): Promise<never> => Promise.reject(new RondoError('E_STORE', 'the disk is full'));
  const put: typeof store.put = async (key, source) => {
    if (key !== keyOf(first, 'mod')) return store.put(key, source);
    throw new RondoError('E_STORE', `cannot keep ${key}: the disk is full`, { hint });
  };
  const one = await importFolder(folder, { ...work, store: { ...store, put } });
  // The same words for each file that has the same cause.
  assert.deepEqual(
    [one.imported, one.findings.map(({ module, state, why, hint: helps }) => [module, state, why, helps])],
    [1, [[first.path, 'failed', 'cannot keep it: the disk is full', hint]]],
  );
  const none = importFolder(folder, {
    ...work,
    store: { ...store, put: full, writable: () => Promise.resolve(false) },
  });
  await assert.rejects(none, { code: 'E_STORE', message: 'the disk is full' });
});
