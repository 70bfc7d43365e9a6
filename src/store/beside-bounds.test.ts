import assert from 'node:assert/strict';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { tempFolder, type Cleanup } from '../../test/support/temp-folder.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { RondoEvent } from '../events/events.ts';
import { besideBytes } from './budget.ts';
import { diskStoreFolders, openDiskStore, type DiskStore } from './disk-store.ts';
import { provenanceName } from './provenance.ts';

const MIB = 2 ** 20;
/** The least there is for answers, and for records. */
const BOUND = besideBytes(MIB);
const BLOCK = 4096;

type World = {
  readonly dir: string;
  readonly store: DiskStore;
  readonly clock: VirtualClock;
  readonly events: RondoEvent[];
  answer(name: string, bytes?: number): Promise<void>;
  /** What a client has asked of the checksum database, as its client writes it down. */
  record(module: string): Promise<void>;
  /** A file of a version that Rondo has fetched. */
  mod(module: string): Promise<void>;
};

async function world(t: Cleanup, pin?: string): Promise<World> {
  const dir = await tempFolder(t, 'beside');
  const clock = new VirtualClock();
  const events: RondoEvent[] = [];
  const budget = { maxBytes: MIB, ...(pin === undefined ? {} : { pin }) };
  const emit = (event: RondoEvent): void => void events.push(event);
  const store = await openDiskStore({ dir, memoryBytes: 0, budget, clock, emit });
  t.after(() => store.close());
  const put = async (key: string, size: number, written: object): Promise<void> => {
    const { etag } = await store.put(key, { bytes: Buffer.alloc(size, 7) });
    await store.putRecord(provenanceName(key), {
      verified: 'database',
      etag,
      at: clock.wallMs(),
      ...written,
    });
  };
  return {
    dir,
    store,
    clock,
    events,
    answer: (name, bytes = 60_000) => store.putRecord(name, { found: { text: 'x'.repeat(bytes) } }),
    record: (module) => put(lookup(module), 300, {}),
    mod: (module) => put(`${module}/@v/v1.0.0.mod`, 20, { h1: 'h1:x', written: true }),
  };
}

const query = (nth: number): string => `answers/ex.io/m/@query-${String(nth).padStart(6, '0')}`;
const lookup = (module: string): string => `sumdb/sum.example/lookup/${module}@v1.0.0`;

/** What the files of a folder take, each with its block. */
async function weigh(folder: string): Promise<number> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile());
  const sizes = files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size + BLOCK);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

test('answers are bounded, and those go first that were asked for longest ago', async (t) => {
  const { dir, store, clock, events, answer } = await world(t);
  await answer('answers/sumdb/sum.example/@supported', 1);
  const answers = join(diskStoreFolders(dir).records, 'answers', 'ex.io');
  let peak = 0;
  for (let nth = 0; nth < 200; nth += 1) {
    await answer(query(nth));
    // One of them is asked for all the while.
    await answer(query(0));
    await clock.advance(1000);
    if (nth % 20 === 19) peak = Math.max(peak, await weigh(answers));
  }
  t.diagnostic(`reached: ${peak} bytes of answers at the most, of ${200 * 64_096} that came`);
  assert.ok(peak <= BOUND + 64_096, `${peak}`);
  assert.ok(peak > BOUND * 0.9);
  assert.notEqual(await store.getRecord(query(0)), undefined, 'asked for again and again');
  assert.notEqual(await store.getRecord(query(199)), undefined);
  assert.equal(await store.getRecord(query(1)), undefined);
  assert.notEqual(await store.getRecord('answers/sumdb/sum.example/@supported'), undefined);
  assert.deepEqual(
    events.filter(({ type }) => type === 'eviction'),
    [],
    'no file of a version went',
  );
  const warnings = events.filter((event) => event.type === 'notice' && event.level !== 'debug');
  assert.deepEqual(warnings, []);
});

test('many answers at once, in a process that has just begun, are bounded too', async (t) => {
  const { dir, answer } = await world(t);
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < 400) await answer(query((next += 1)));
  };
  await Promise.all(Array.from({ length: 8 }, client));
  const held = await weigh(join(diskStoreFolders(dir).records, 'answers', 'ex.io'));
  t.diagnostic(`reached: ${held} bytes of answers, of ${400 * 64_096} that came`);
  assert.ok(held <= BOUND + 8 * 64_096, `${held}`);
});

test('an index that is lost comes back with the answers, and their bound with it', async (t) => {
  const first = await world(t);
  for (let nth = 0; nth < 100; nth += 1) await first.answer(query(nth), 30_000);
  await first.store.close();
  for (const suffix of ['', '-wal', '-shm']) {
    await writeFile(join(first.dir, 'rondo', `index.sqlite${suffix}`), '');
  }
  const { dir, clock } = first;
  const store = await openDiskStore({ dir, memoryBytes: 0, clock, emit: () => undefined });
  t.after(() => store.close());
  assert.equal(await store.index.compare('now'), true);
  assert.equal((await store.index.list({ prefix: 'answers/' })).length, 100);
  assert.deepEqual((await store.index.totals())?.files, 0, 'an answer is no file of the copy');
  const gone = await store.collect({ keeping: 'answers', maxBytes: 10 * (30_000 + BLOCK) });
  assert.deepEqual([gone.why, gone.files > 89], ['enough', true]);
  await store.removeRecord(query(99));
  await store.index.compare('now');
  assert.ok((await store.index.list({ prefix: 'answers/' })).length <= 10);
});

test('lists of pinned modules stay, their queries do not', async (t) => {
  const { store, answer } = await world(t, 'ex.io');
  for (const name of ['@list', '@latest', '@query-0']) await answer(`answers/ex.io/m/${name}`);
  const { files } = await store.collect({ keeping: 'answers', maxBytes: 0 });
  assert.equal(files, 1);
  assert.deepEqual(await store.recordNames('answers/ex.io/m'), [
    'answers/ex.io/m/@latest',
    'answers/ex.io/m/@list',
  ]);
});

test('records that nobody needs are bounded; those of files in the copy stay as long as these', async (t) => {
  const { dir, store, clock, record, mod } = await world(t);
  const needed = Array.from({ length: 20 }, (_, nth) => `ex.io/needed${nth}`);
  for (const module of needed) {
    await record(module);
    await mod(module);
  }
  await store.index.compare('now');
  const most = Math.floor(BOUND / (300 + BLOCK));
  for (let nth = 0; nth < most + 200; nth += 1) {
    await record(`ex.io/scraped${nth}`);
    if (nth % 20 === 0) await clock.advance(1000);
  }
  const folder = join(diskStoreFolders(dir).download, 'sumdb/sum.example/lookup/ex.io');
  const held = await readdir(folder);
  t.diagnostic(`reached: ${held.length} records, of ${most + 220} that came`);
  assert.ok(held.length <= most + 1, `${held.length}`);
  for (const module of needed) assert.notEqual(await store.get(lookup(module)), undefined, module);
  assert.equal(await store.get(lookup('ex.io/scraped0')), undefined);
  assert.equal(await store.getRecord(provenanceName(lookup('ex.io/scraped0'))), undefined);
  // What go has put there is go's.
  await mkdir(dirname(join(folder, 'x')), { recursive: true });
  await writeFile(join(folder, 'of-go@v1.0.0'), 'record');
  await store.index.compare('now');
  await store.collect({ keeping: 'records', maxBytes: 0 });
  const left = await readdir(folder);
  assert.deepEqual(
    left.toSorted(),
    [...needed.map((module) => `${module.slice('ex.io/'.length)}@v1.0.0`), 'of-go@v1.0.0'].toSorted(),
  );
});

test('where those that are needed fill the bound, the others go a few times and not with each one that comes', async (t) => {
  const { store, clock, events, record, mod } = await world(t);
  const most = Math.floor(BOUND / (300 + BLOCK));
  for (let nth = 0; nth < most + 20; nth += 1) {
    await record(`ex.io/needed${nth}`);
    await mod(`ex.io/needed${nth}`);
  }
  await store.index.compare('now');
  // The first look finds nothing to give up, and the next is a minute later.
  for (let nth = 0; nth < 20; nth += 1) await record(`ex.io/before${nth}`);
  await clock.advance(61_000);
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < 240) {
      await record(`ex.io/scraped${(next += 1)}`);
      if (next % 24 === 0) await clock.advance(200);
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));
  await clock.advance(2000);
  const rounds = events.filter(
    (event) => event.type === 'notice' && /^gave up \d+ records/.test(event.message),
  );
  t.diagnostic(`reached: ${rounds.length} rounds in 2 s, for ${next} records`);
  assert.ok(rounds.length >= 1 && rounds.length <= 4, `${rounds.length}`);
  await record('ex.io/last');
  const kept = (await store.index.list({ prefix: 'sumdb/', limit: 5000 })).map(({ key }) => key);
  assert.equal(kept.filter((key) => key.includes('needed')).length, most + 20);
  assert.ok(kept.filter((key) => key.includes('scraped')).length <= 240 / 2, 'they went');
});
