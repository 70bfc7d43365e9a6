import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyWork } from '../../test/support/copy-work.ts';
import { fixtureModule, type FixtureModule } from '../../test/support/fixture-modules.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import { checkFile } from './check-file.ts';
import type { CopyWork } from './work.ts';
import { render } from '../words/render.ts';

const right = await fixtureModule({ path: 'example.com/m', version: 'v1.0.0' });
const other = await fixtureModule({
  path: 'example.com/m',
  version: 'v1.0.0',
  files: { 'x.go': 'package x\n' },
});
const FILES = ['mod', 'zip'] as const;

async function check(
  kind: VersionFile['kind'],
  module: FixtureModule,
  work: CopyWork,
  etag?: string,
): Promise<string> {
  const file = { kind, module: 'example.com/m', version: 'v1.0.0' };
  const held = etag ?? (await work.store.get(storeKey(file)))?.etag ?? '';
  const found = await checkFile(file, { bytes: module[kind] }, held, work);
  return found.kind === 'right' ? `right by ${found.by}` : `${found.kind}: ${render(found.why)}`;
}

test('the database counts, whatever was kept', async (t) => {
  const { work, keep } = await copyWork(t, { known: [right] });
  for (const kind of FILES) assert.equal(await check(kind, right, work), 'right by database');
  assert.match(await check('zip', other, work), /^wrong: its hash is not the one in the checksum database/);
  await keep(other, 'zip', 'first-use');
  assert.match(await check('zip', other, work), /^wrong: /);
});

test('without the database the hash that was kept counts; without either nothing is taken on trust', async (t) => {
  for (const options of [{ down: true }, {}, { exempt: () => true }]) {
    const { work, keep } = await copyWork(t, options);
    for (const kind of FILES) assert.match(await check(kind, right, work), /^unproven: /);
    for (const kind of FILES) await keep(right, kind, 'database');
    for (const kind of FILES) assert.equal(await check(kind, right, work), 'right by kept hash');
    assert.match(await check('zip', other, work), /^wrong: its hash is not the one that was first seen here/);
  }
});

test('what is unproven says why', async (t) => {
  const why = async (options: Parameters<typeof copyWork>[1]): Promise<string> =>
    check('mod', right, (await copyWork(t, options)).work);
  assert.equal(await why({ down: true }), 'unproven: no record of the checksum database: nobody answers');
  assert.match(await why({}), /unproven: the checksum database does not know it: not found/);
  assert.match(await why({ exempt: () => true }), /unproven: it is exempt from the checksum database/);
});

test('an .info is held against the one that was kept, else against its form', async (t) => {
  const { work, keep } = await copyWork(t);
  const later = await fixtureModule({
    path: 'example.com/m',
    version: 'v1.0.0',
    time: '2024-03-01T12:00:01Z',
  });
  assert.equal(await check('info', later, work), 'right by none');
  await keep(right, 'info', 'database');
  assert.equal(await check('info', right, work), 'right by kept hash');
  assert.equal(await check('info', later, work), 'wrong: it is not the one that was kept');
  const replaced = await check('info', later, work, '"78-1"');
  assert.equal(replaced, 'unproven: another program has replaced the one that was kept');
  assert.equal(await check('info', right, work, '"78-1"'), 'right by kept hash');
  const another = await fixtureModule({ path: 'example.com/m', version: 'v1.0.1' });
  assert.equal(await check('info', another, work), 'wrong: it is of another version: v1.0.1');
});
