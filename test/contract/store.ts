import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { RondoError } from '../../src/errors/rondo-error.ts';
import { createSpool } from '../../src/store/spool.ts';
import type { Store, StoredFile } from '../../src/store/store.ts';

/** A store under test and a folder for the spools that are put into it. */
export type StoreFixture = { readonly store: Store; readonly spoolDir: string };

const ZIP = 'example.com/!big/mod/@v/v1.0.0.zip';
const MOD = 'example.com/!big/mod/@v/v1.0.0.mod';

/**
 * What every Store must do. `open` gives a fresh, empty one and arranges for its end with `t.after`.
 */
export function storeContract(name: string, open: (t: TestContext) => Promise<StoreFixture>): void {
  readContract(name, open);
  recallContract(name, open);
  writeContract(name, open);
  keyContract(name, open);
  spoolContract(name, open);
  recordContract(name, open);
  recordNamesContract(name, open);
}

/** A store without memory recalls nothing. */
function assertRecalls(store: Store, etag: string): void {
  const recalled = store.recall(MOD);
  assert.ok(recalled === undefined || recalled.etag === etag);
}

function readContract(name: string, open: (t: TestContext) => Promise<StoreFixture>): void {
  test(`${name}: what was put is got, whole and in ranges`, async (t) => {
    const { store } = await open(t);
    const bytes = randomBytes(5000);
    const put = await store.put(MOD, { bytes });
    const got = await store.get(MOD);
    assert.ok(got);
    assert.equal(got.sizeBytes, 5000);
    assert.equal(got.etag, put.etag);
    assert.equal(got.modifiedMs, put.modifiedMs);
    assert.match(got.etag, /^"[\x21\x23-\x7e]+"$/);
    assert.deepEqual(await buffer(got.open()), bytes);
    assert.deepEqual(await buffer(got.open({ start: 0, end: 0 })), bytes.subarray(0, 1));
    assert.deepEqual(await buffer(got.open({ start: 1234, end: 4999 })), bytes.subarray(1234));
  });

  test(`${name}: an absent file is undefined, an empty one is not`, async (t) => {
    const { store } = await open(t);
    assert.equal(await store.get(ZIP), undefined);
    await store.put(MOD, { bytes: Buffer.alloc(0) });
    const got = await store.get(MOD);
    assert.equal(got?.sizeBytes, 0);
    assert.equal((await buffer(got.open())).length, 0);
    assert.equal(await store.get(`${MOD}/below-a-file`), undefined);
    assert.equal(await store.get('example.com/!big'), undefined, 'a folder is no file');
  });

  test(`${name}: what is put does not change with the caller's buffer`, async (t) => {
    const { store } = await open(t);
    const bytes = Buffer.from('module example.com/m\n');
    await store.put(MOD, { bytes });
    bytes.fill(0);
    assert.equal((await contentOf(store, MOD)).toString(), 'module example.com/m\n');
  });

  test(`${name}: a large file streams whole and in ranges, several readers at once`, async (t) => {
    const { store } = await open(t);
    const bytes = randomBytes(3 * 1024 * 1024 + 17);
    await store.put(ZIP, { bytes });
    const got = await store.get(ZIP);
    assert.ok(got);
    const [whole, part, last] = await Promise.all([
      buffer(got.open()),
      buffer(got.open({ start: 1_000_000, end: 2_000_000 })),
      buffer(got.open({ start: bytes.length - 1, end: bytes.length - 1 })),
    ]);
    assert.ok(whole.equals(bytes));
    assert.ok(part.equals(bytes.subarray(1_000_000, 2_000_001)));
    assert.ok(last.equals(bytes.subarray(-1)));
  });
}

function recallContract(name: string, open: (t: TestContext) => Promise<StoreFixture>): void {
  test(`${name}: what it recalls is what a get would find, and nothing after a remove`, async (t) => {
    const { store } = await open(t);
    assert.equal(store.recall(MOD), undefined);
    const { etag } = await store.put(MOD, { bytes: Buffer.from('module example.com/m\n') });
    assertRecalls(store, etag);
    const next = await store.put(MOD, { bytes: Buffer.from('module example.com/other\n') });
    assertRecalls(store, next.etag);
    await store.remove(MOD);
    assert.equal(store.recall(MOD), undefined);
    assert.equal(store.recall('../outside'), undefined);
  });
}

function writeContract(name: string, open: (t: TestContext) => Promise<StoreFixture>): void {
  test(`${name}: the validator stays with the content and changes with it`, async (t) => {
    const { store } = await open(t);
    const first = await store.put(MOD, { bytes: Buffer.from('one') });
    assert.equal((await store.get(MOD))?.etag, first.etag);
    // Of another length: file systems whose clock ticks every few milliseconds tell two writes apart by nothing else.
    const second = await store.put(MOD, { bytes: Buffer.from('second') });
    assert.notEqual(second.etag, first.etag);
    assert.equal((await store.get(MOD))?.etag, second.etag);
    assert.equal((await contentOf(store, MOD)).toString(), 'second');
  });

  test(`${name}: concurrent puts of one key leave one of them, whole`, async (t) => {
    const { store } = await open(t);
    const bodies = Array.from({ length: 8 }, (_, index) => Buffer.alloc(200_000, index + 1));
    await Promise.all(bodies.map((bytes) => store.put(ZIP, { bytes })));
    const content = await contentOf(store, ZIP);
    assert.ok(bodies.some((body) => body.equals(content)));
  });

  test(`${name}: a get beside a put finds all or nothing`, async (t) => {
    const { store } = await open(t);
    const bytes = randomBytes(400_000);
    const putting = store.put(ZIP, { bytes });
    for (let round = 0; round < 20; round += 1) {
      const got = await store.get(ZIP);
      if (got !== undefined) assert.ok((await buffer(got.open())).equals(bytes));
    }
    await putting;
    assert.ok((await contentOf(store, ZIP)).equals(bytes));
  });

  test(`${name}: remove takes a file away, twice is no error`, async (t) => {
    const { store } = await open(t);
    await store.put(MOD, { bytes: Buffer.from('x') });
    await store.remove(MOD);
    await store.remove(MOD);
    assert.equal(await store.get(MOD), undefined);
    assert.deepEqual(await store.names('example.com/!big/mod/@v'), []);
  });
}

function keyContract(name: string, open: (t: TestContext) => Promise<StoreFixture>): void {
  test(`${name}: names are the keys directly inside a folder`, async (t) => {
    const { store } = await open(t);
    await store.put(MOD, { bytes: Buffer.from('x') });
    await store.put(ZIP, { bytes: Buffer.from('x') });
    await store.put('example.com/!big/mod/sub/@v/v1.0.0.mod', { bytes: Buffer.from('x') });
    assert.deepEqual(await store.names('example.com/!big/mod/@v'), [MOD, ZIP]);
    assert.deepEqual(await store.names('example.com/!big/mod'), []);
    assert.deepEqual(await store.names('example.com/nobody/@v'), []);
  });

  test(`${name}: keys are all those below a folder`, async (t) => {
    const { store } = await open(t);
    const tile = 'sumdb/sum.example/tile/8/0/000';
    const list = 'example.com/list/@v/v1.0.0.mod';
    for (const key of [MOD, ZIP, tile, list]) await store.put(key, { bytes: Buffer.from('x') });
    const all = async (prefix: string): Promise<string[]> =>
      (await Array.fromAsync(store.keys(prefix))).toSorted();
    assert.deepEqual(await all('example.com/!big'), [MOD, ZIP]);
    assert.deepEqual(await all('sumdb/sum.example'), [tile]);
    assert.deepEqual(await all(''), [MOD, ZIP, list, tile]);
    assert.deepEqual(await all('example.com/nobody'), []);
  });

  test(`${name}: a key that could leave the copy is a bug, whatever is asked`, async (t) => {
    const { store } = await open(t);
    for (const key of [
      '',
      '..',
      '../x',
      'a/../../x',
      '/etc/passwd',
      'a//b',
      'a/./b',
      'a\\b',
      'a\0b',
      'a\nb',
      'a/',
    ]) {
      const isBug = (error: unknown): boolean => error instanceof RondoError && error.code === 'E_BUG';
      await assert.rejects(async () => store.get(key), isBug, JSON.stringify(key));
      await assert.rejects(async () => store.put(key, { bytes: Buffer.from('x') }), isBug);
      await assert.rejects(async () => store.remove(key), isBug);
      await assert.rejects(async () => store.getRecord(key), isBug);
      await assert.rejects(async () => store.putRecord(key, {}), isBug);
      await assert.rejects(async () => store.removeRecord(key), isBug);
      await assert.rejects(async () => store.names(key), isBug);
    }
  });
}

function spoolContract(name: string, open: (t: TestContext) => Promise<StoreFixture>): void {
  for (const [what, sizeBytes] of [
    ['in memory', 10_000],
    ['in a file', 900_000],
  ] as const) {
    test(`${name}: a spool ${what} is put while its readers go on`, async (t) => {
      const { store, spoolDir } = await open(t);
      const bytes = randomBytes(sizeBytes);
      const spool = createSpool({ dir: spoolDir });
      await spool.append(bytes);
      assert.equal('spoolPath' in spool.source(), what === 'in a file');
      await store.put(ZIP, spool.source());
      assert.ok((await contentOf(store, ZIP)).equals(bytes));
      const tail = await spool.read(sizeBytes - 100, 1000);
      assert.ok(tail.equals(bytes.subarray(-100)));
      await spool.discard();
      assert.ok((await contentOf(store, ZIP)).equals(bytes), 'discard must not take the stored file away');
    });
  }

  test(`${name}: a spool file that is not there cannot be put`, async (t) => {
    const { store, spoolDir } = await open(t);
    await assert.rejects(
      store.put(ZIP, { spoolPath: `${spoolDir}/nothing` }),
      (error) => error instanceof RondoError && error.code === 'E_STORE',
    );
    assert.equal(await store.get(ZIP), undefined);
  });
}

function recordContract(name: string, open: (t: TestContext) => Promise<StoreFixture>): void {
  test(`${name}: records are kept, replaced and removed`, async (t) => {
    const { store } = await open(t);
    const record = 'answers/example.com/!m/@latest';
    assert.equal(await store.getRecord(record), undefined);
    await store.putRecord(record, { at: 1, list: ['v1.0.0', { deep: null }], text: 'ü' });
    assert.deepEqual(await store.getRecord(record), { at: 1, list: ['v1.0.0', { deep: null }], text: 'ü' });
    await store.putRecord(record, { at: 2 });
    assert.deepEqual(await store.getRecord(record), { at: 2 });
    await store.removeRecord(record);
    await store.removeRecord(record);
    assert.equal(await store.getRecord(record), undefined);
  });

  test(`${name}: records are apart from files and from the caller's object`, async (t) => {
    const { store } = await open(t);
    const value = { at: 1 };
    await store.putRecord(ZIP, value);
    value.at = 2;
    assert.equal(await store.get(ZIP), undefined);
    const got = await store.getRecord(ZIP);
    assert.deepEqual(got, { at: 1 });
    assert.ok(Object.isFrozen(got), 'what is shared between callers cannot be changed');
  });

  test(`${name}: of concurrent records the last stands`, async (t) => {
    const { store } = await open(t);
    await Promise.all(Array.from({ length: 20 }, (_, index) => store.putRecord('r', { index })));
    assert.deepEqual(await store.getRecord('r'), { index: 19 });
  });

  test(`${name}: a record is swapped only for the one that was expected`, async (t) => {
    const { store } = await open(t);
    assert.equal(await store.swapRecord('head', { size: 1 }, { size: 2 }), false, 'there is none');
    assert.equal(await store.swapRecord('head', undefined, { size: 1 }), true);
    assert.equal(await store.swapRecord('head', undefined, { size: 3 }), false, 'there is one');
    const swaps = Array.from({ length: 5 }, (_, index) => store.swapRecord('head', { size: 1 }, { index }));
    const won = (await Promise.all(swaps)).filter(Boolean);
    assert.equal(won.length, 1);
    assert.notDeepEqual(await store.getRecord('head'), { size: 1 });
  });

  test(`${name}: a record that JSON cannot hold is a bug`, async (t) => {
    const { store } = await open(t);
    await assert.rejects(
      async () => store.putRecord('r', undefined),
      (error) => error instanceof RondoError && error.code === 'E_BUG',
    );
  });

  test(`${name}: is writable`, async (t) => {
    const { store } = await open(t);
    assert.equal(await store.writable(), true);
  });
}

function recordNamesContract(name: string, open: (t: TestContext) => Promise<StoreFixture>): void {
  test(`${name}: the names of records directly in a folder`, async (t) => {
    const { store } = await open(t);
    assert.deepEqual(await store.recordNames('answers/example.com/m'), []);
    for (const part of ['@list', '@latest', 'sub/@list']) {
      await store.putRecord(`answers/example.com/m/${part}`, { at: 1 });
    }
    const names = ['answers/example.com/m/@latest', 'answers/example.com/m/@list'];
    assert.deepEqual(await store.recordNames('answers/example.com/m'), names);
    await store.removeRecord('answers/example.com/m/@list');
    assert.deepEqual(await store.recordNames('answers/example.com/m'), names.slice(0, 1));
  });
}

async function contentOf(store: Store, key: string): Promise<Buffer> {
  const file: StoredFile | undefined = await store.get(key);
  assert.ok(file, `${key} is not in the store`);
  return buffer(file.open());
}
