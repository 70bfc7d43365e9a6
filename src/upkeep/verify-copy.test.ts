import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { copyWork, type WorkFixture } from '../../test/support/copy-work.ts';
import { bigModule, manyModules } from '../../test/support/fixture-modules.ts';
import { keyOf } from '../../test/support/filled-copy.ts';
import { verifyCopy } from './verify-copy.ts';

const modules = await manyModules(5);

async function filled(t: Parameters<typeof copyWork>[0]): Promise<WorkFixture> {
  const fixture = await copyWork(t, { known: modules });
  for (const module of modules) {
    for (const kind of ['info', 'mod', 'zip'] as const) await fixture.keep(module, kind, 'database');
  }
  return fixture;
}

const pathIn = ({ dir }: WorkFixture, key: string): string =>
  join(dir, 'cache', 'download', ...key.split('/'));

test('files of anybody else are passed over, and a ziphash without its zip is no finding', async (t) => {
  const fixture = await filled(t);
  const others = [
    'cache.lock',
    'example.com/n/m0/@v/v1.0.0.lock',
    'example.com/n/m0/@v/main.info',
    'x/@v/v9.zip',
  ];
  for (const key of [...others, 'example.com/alone/@v/v1.0.0.ziphash']) {
    await mkdir(dirname(pathIn(fixture, key)), { recursive: true });
    await writeFile(pathIn(fixture, key), 'something');
  }
  const { files, findings } = await verifyCopy(fixture.work, undefined);
  assert.deepEqual([files, findings], [15, []]);
  assert.equal(fixture.told.at(-1)?.done, 15);
});

test('what this machine cannot read is told and left, also by a repair', async (t) => {
  const fixture = await filled(t);
  const [first] = modules;
  assert.ok(first);
  const key = keyOf(first, 'mod');
  const { store } = fixture.work;
  const get: typeof store.get = async (asked) => {
    if (asked === key) throw new Error('too many open files');
    return store.get(asked);
  };
  const work = { ...fixture.work, store: { ...store, get } };
  const report = await verifyCopy(work, () => assert.fail('nothing is fetched'));
  assert.deepEqual(
    report.findings.map((finding) => [finding.key, finding.state, finding.why, finding.mended]),
    [[key, 'unreadable', 'too many open files', undefined]],
  );
  assert.ok(await store.get(key));
});

test('what is gone is no finding; what was set aside before an interrupt stays there', async (t) => {
  const fixture = await filled(t);
  const [gone, bad] = modules;
  assert.ok(gone && bad);
  await rm(pathIn(fixture, keyOf(gone, 'zip')));
  assert.deepEqual((await verifyCopy(fixture.work, undefined)).files, 14);
  await writeFile(pathIn(fixture, keyOf(bad, 'mod')), 'module example.com/other\n');
  const run = verifyCopy(fixture.work, async () => {
    fixture.interrupt();
    throw new Error('cut');
  });
  await assert.rejects(run, /interrupted/);
  assert.equal(await fixture.work.store.get(keyOf(bad, 'mod')), undefined);
});

test('a file that somebody has mended since it was hashed is not set aside', async (t) => {
  const fixture = await filled(t);
  const [bad] = modules;
  assert.ok(bad);
  const key = keyOf(bad, 'mod');
  await writeFile(pathIn(fixture, key), 'module example.com/other\n');
  const { store } = fixture.work;
  const setAside: typeof store.setAside = async (...judged) => {
    // A server has fetched it in the meantime.
    await fixture.keep(bad, 'mod', 'database');
    return store.setAside(...judged);
  };
  const work = { ...fixture.work, store: { ...store, setAside } };
  const { findings } = await verifyCopy(work, async () => undefined);
  assert.deepEqual(
    findings.map((finding) => [finding.key, finding.state, finding.quarantine]),
    [[key, 'wrong', undefined]],
  );
  assert.ok((await store.get(key))?.bytes?.equals(bad.mod));
});

test('a file that is given up or fetched anew while it is hashed is no finding', async (t) => {
  const fixture = await filled(t);
  const big = await bigModule('example.com/big', 'v1.0.0', 1);
  const [bad] = modules;
  assert.ok(bad);
  await fixture.keep(big, 'zip', 'database');
  await writeFile(pathIn(fixture, keyOf(bad, 'mod')), 'module example.com/other\n');
  const { store } = fixture.work;
  const get: typeof store.get = async (key) => {
    const found = await store.get(key);
    // What a server does as soon as this one has been looked up.
    if (key === keyOf(big, 'zip')) await store.remove(key);
    if (key === keyOf(bad, 'mod') && found?.bytes?.equals(bad.mod) === false) {
      await fixture.keep(bad, 'mod', 'database');
    }
    return found;
  };
  const { findings } = await verifyCopy({ ...fixture.work, store: { ...store, get } }, undefined);
  assert.deepEqual(findings, []);
});
