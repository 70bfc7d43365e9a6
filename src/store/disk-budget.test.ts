import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { tempFolder, type Cleanup } from '../../test/support/temp-folder.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { RondoEvent } from '../events/events.ts';
import type { BudgetSettings } from './budget.ts';
import { diskStoreFolders, openDiskStore, type DiskStore } from './disk-store.ts';
import { provenanceName } from './provenance.ts';

type World = {
  readonly dir: string;
  readonly store: DiskStore;
  readonly clock: VirtualClock;
  readonly events: RondoEvent[];
  /** Puts a file as a flight does, with its provenance. */
  put(key: string, sizeBytes: number): Promise<void>;
  /** The keys that are there, but for derived files. */
  held(): Promise<string[]>;
};

/** Files are young for 10 s. */
const AGE_MS = 11_000;

async function world(t: Cleanup, budget: BudgetSettings = {}): Promise<World> {
  const dir = await tempFolder(t, 'budget');
  const clock = new VirtualClock();
  const events: RondoEvent[] = [];
  const emit = (event: RondoEvent): void => void events.push(event);
  const store = await openDiskStore({ dir, memoryBytes: 1_000_000, budget, clock, emit });
  t.after(() => store.close());
  return {
    dir,
    store,
    clock,
    events,
    async put(key, sizeBytes) {
      const { etag } = await store.put(key, { bytes: Buffer.alloc(sizeBytes, 7) });
      const record = {
        verified: 'database',
        h1: 'h1:x',
        mirror: 'a',
        written: true,
        at: clock.wallMs(),
        etag,
      };
      await store.putRecord(provenanceName(key), record);
    },
    held: async () => (await Array.fromAsync(store.keys(''))).toSorted(),
  };
}

const zip = (name: string | number): string => `example.com/${name}/@v/v1.0.0.zip`;

function notices(events: readonly RondoEvent[], ...levels: string[]): string[] {
  return events.flatMap((event) =>
    event.type === 'notice' && levels.includes(event.level) ? [event.message] : [],
  );
}

test('what nobody has asked for longest goes first, and no more than has to', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('put' as const), file: fc.nat(7), size: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ do: fc.constant('ask' as const), file: fc.nat(7) }),
    fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 15 }) }),
    fc.record({ do: fc.constant('collect' as const), maxBytes: fc.nat(1500) }),
  );
  const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
    const hooks: (() => Promise<void>)[] = [];
    const { store, clock, put, held } = await world({ after: (hook) => void hooks.push(hook) });
    const model = new Map<string, { size: number; last: number }>();
    const nowS = (): number => Math.floor(clock.wallMs() / 1000);
    for (const each of steps) {
      if (each.do === 'put') {
        await put(zip(each.file), each.size);
        model.set(zip(each.file), { size: each.size, last: nowS() });
      } else if (each.do === 'ask') {
        store.index.touch(zip(each.file), clock.wallMs());
        const known = model.get(zip(each.file));
        if (known !== undefined) known.last = nowS();
      } else if (each.do === 'wait') await clock.advance(each.seconds * 1000);
      else {
        const { files, bytes } = await store.collect({ maxBytes: each.maxBytes });
        assert.deepEqual({ files, bytes }, collectModel(model, each.maxBytes, nowS()));
      }
      assert.deepEqual(await held(), [...model.keys()].toSorted());
    }
    for (const hook of hooks.toReversed()) await hook();
  });
  // Asked for in vain, and brought much later: it is as young as its coming.
  const late = [
    { do: 'ask', file: 3 },
    { do: 'wait', seconds: 11 },
    { do: 'put', file: 3, size: 1 },
    { do: 'collect', maxBytes: 0 },
  ] as const;
  await fc.assert(property, { numRuns: 30, examples: [[[...late]]] });
});

function collectModel(
  model: Map<string, { size: number; last: number }>,
  maxBytes: number,
  nowS: number,
): { files: number; bytes: number } {
  const order = [...model].sort(([a, x], [b, y]) => x.last - y.last || (a < b ? -1 : 1));
  let over = order.reduce((sum, [, { size }]) => sum + size, -maxBytes);
  let [files, bytes] = [0, 0];
  for (const [key, { size, last }] of order) {
    if (over <= 0 || last >= nowS - 10) break;
    model.delete(key);
    [over, files, bytes] = [over - size, files + 1, bytes + size];
  }
  return { files, bytes };
}

test('a budget is kept however much is put, by giving up what is old', async (t) => {
  const { store, clock, put, held, events } = await world(t, { maxBytes: 10_000 });
  for (let n = 0; n < 100; n += 1) {
    await put(zip(n), 1000);
    await clock.advance(2_000);
    assert.ok(((await store.index.totals())?.own.bytes ?? 0) <= 10_000);
  }
  const left = await held();
  assert.ok(left.length >= 8, 'it gives up a tenth more than it has to, and not everything');
  assert.ok(left.includes(zip(99)) && left.includes(zip(93)));
  assert.deepEqual(notices(events, 'info', 'warn', 'error'), []);
  const evicted = events.reduce((sum, event) => sum + (event.type === 'eviction' ? event.bytes : 0), 0);
  assert.equal(evicted, (100 - left.length) * 1000);
});

test('many files go in one collection, a few at a time', async (t) => {
  const { store, clock, put, held, events } = await world(t);
  for (let n = 0; n < 100; n += 1) await put(zip(n), 100);
  await clock.advance(AGE_MS);
  const collected = await store.collect({ maxBytes: 1000 });
  assert.deepEqual(collected, { files: 90, bytes: 9000, stayed: 0, why: 'enough' });
  assert.equal((await held()).length, 10);
  const slices = events.flatMap((event) => (event.type === 'eviction' ? [event.files] : []));
  assert.deepEqual(slices, [32, 32, 26]);
  assert.deepEqual(notices(events, 'debug'), [
    'gave up 90 files of the copy (8.8 KiB), the longest unused first',
  ]);
});

test('pinned modules, files of others and the checksum database stay', async (t) => {
  const { store, clock, put, held, dir } = await world(t, { pin: 'corp.example,*.example/keep' });
  const pinned = ['corp.example/a/@v/v1.0.0.zip', 'x.example/keep/sub/@v/v1.0.0.mod'];
  const goes = ['x.example/other/@v/v1.0.0.mod', 'corp.example.com/a/@v/v1.0.0.info'];
  for (const key of [...pinned, ...goes]) await put(key, 100);
  const lookup = 'sumdb/sum.example/lookup/example.com/m@v1.0.0';
  const tile = 'sumdb/sum.example/tile/8/0/000';
  for (const key of [lookup, tile]) await store.put(key, { bytes: Buffer.alloc(100) });
  // go wrote one, and has replaced another one that was Rondo's.
  const foreign = [zip('foreign'), zip('replaced')];
  await put(zip('replaced'), 100);
  for (const key of foreign) await writeForeign(dir, key);
  await store.index.compare('now');
  // Rondo has looked at one of them, and found it right.
  const looked = await store.get(zip('foreign'));
  const record = { verified: 'database', h1: 'h1:x', etag: looked?.etag, at: clock.wallMs() };
  await store.putRecord(provenanceName(zip('foreign')), record);
  await clock.advance(AGE_MS);
  const collected = await store.collect({ maxBytes: 0 });
  assert.deepEqual(collected, { files: 2, bytes: 200, stayed: 2, why: 'nothing-left' });
  assert.deepEqual(await held(), [...pinned, ...foreign, lookup, tile].toSorted());
});

async function writeForeign(dir: string, key: string): Promise<void> {
  const path = join(diskStoreFolders(dir).download, key);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `written by go: ${key}`);
}

test('a file that another program has replaced since the index was written stays, and the index learns it', async (t) => {
  const { store, clock, put, held, dir } = await world(t);
  await put(zip('a'), 100);
  await put(zip('b'), 100);
  await clock.advance(AGE_MS);
  await writeForeign(dir, zip('a'));
  // The look at a new index may be faster, and have seen it before.
  const { stayed: _stayed, ...collected } = await store.collect({ maxBytes: 0 });
  assert.deepEqual(collected, { files: 1, bytes: 100, why: 'enough' });
  assert.deepEqual(await held(), [zip('a')]);
  assert.equal((await store.index.get(zip('a')))?.written, false);
  assert.deepEqual((await store.index.totals())?.own, { files: 0, bytes: 0 });
});

test('with a zip go its hash, its provenance and its line of the list', async (t) => {
  const { store, clock, put, dir } = await world(t);
  await put('example.com/m/@v/v1.0.0.mod', 10);
  await put('example.com/m/@v/v1.0.0.zip', 1000);
  await store.put('example.com/m/@v/v1.0.0.ziphash', { bytes: Buffer.from('h1:x') });
  await clock.advance(AGE_MS);
  store.index.touch('example.com/m/@v/v1.0.0.mod', clock.wallMs());
  assert.equal((await store.collect({ maxBytes: 10 })).files, 1);
  assert.equal(await store.get('example.com/m/@v/v1.0.0.zip'), undefined);
  assert.equal(await store.getRecord(provenanceName('example.com/m/@v/v1.0.0.zip')), undefined);
  await store.close();
  const folder = join(diskStoreFolders(dir).download, 'example.com/m/@v');
  assert.deepEqual(await readdir(folder), ['list', 'v1.0.0.mod']);
  assert.equal(await readFile(join(folder, 'list'), 'utf8'), '');
});

test('what is read stays until it has been read, and a small one is forgotten in memory too', async (t) => {
  const { store, clock, put } = await world(t);
  await put(zip('large'), 500_000);
  await put(zip('small'), 10);
  const stream = (await store.get(zip('large')))?.lend?.()[Symbol.asyncIterator]();
  const first = await stream?.next();
  assert.equal(first?.done, false);
  await clock.advance(AGE_MS);
  const collected = await store.collect({ maxBytes: 0 });
  assert.deepEqual(collected, { files: 1, bytes: 10, stayed: 1, why: 'nothing-left' });
  assert.equal(store.recall(zip('small')), undefined);
  await stream?.return?.();
  assert.equal((await store.collect({ maxBytes: 0 })).files, 1);
});

test('a file larger than the budget is not kept, which is told once', async (t) => {
  const { put, held, events, store } = await world(t, { maxBytes: 1000 });
  await put(zip('kept'), 900);
  for (const name of ['a', 'a', 'b']) {
    await assert.rejects(put(zip(name), 1001), { code: 'E_STORE', message: /larger than all of the copy/ });
  }
  assert.deepEqual(await held(), [zip('kept')]);
  assert.deepEqual(notices(events, 'info', 'warn', 'error'), [
    `${zip('a')} (1001 B) is larger than all of the copy may be (1000 B): such files are served and not kept; raise max_size in [cache]`,
  ]);
  assert.equal(store.isKeeping(), true);
});

test('where nothing may go nothing more is kept, which is told once, until there is room again', async (t) => {
  const { put, held, clock, events, store } = await world(t, { maxBytes: 1000, pin: 'example.com/pinned' });
  await put(zip('pinned'), 800);
  await put(zip('a'), 150);
  for (const name of ['b', 'c', 'd']) await assert.rejects(put(zip(name), 500), /max_size .* is used up/);
  assert.equal(store.isKeeping(), false);
  await put(zip('small'), 20);
  assert.deepEqual(await held(), [zip('a'), zip('pinned'), zip('small')]);
  assert.equal(notices(events, 'info', 'warn', 'error').length, 1);
  await store.remove(zip('pinned'));
  await clock.advance(AGE_MS);
  await put(zip('b'), 500);
  assert.equal(store.isKeeping(), true);
  assert.deepEqual(notices(events, 'info'), ['the copy can be written again']);
});

test('many puts at once stay within the budget', async (t) => {
  const { put, held, clock, store } = await world(t, { maxBytes: 1000 });
  for (let n = 0; n < 9; n += 1) await put(zip(`old${n}`), 100);
  await clock.advance(AGE_MS);
  const ends = await Promise.allSettled(Array.from({ length: 12 }, (_, n) => put(zip(`new${n}`), 100)));
  const kept = ends.filter(({ status }) => status === 'fulfilled').length;
  assert.ok(kept >= 9, `${kept} of 12`);
  assert.ok((await held()).length <= 10);
  await store.index.compare('now');
  assert.ok(((await store.index.totals())?.own.bytes ?? 0) <= 1000);
});

test('a budget that has become smaller is kept when the copy is tended', async (t) => {
  const first = await world(t);
  for (let n = 0; n < 20; n += 1) await first.put(zip(n), 100);
  await first.store.close();
  await first.clock.advance(AGE_MS);
  const { dir, clock } = first;
  const budget = { maxBytes: 1000 };
  const store = await openDiskStore({ dir, memoryBytes: 0, budget, clock, emit: () => undefined });
  t.after(() => store.close());
  store.tend();
  while (((await store.index.totals())?.own.bytes ?? 0) > 900) await new Promise((r) => setImmediate(r));
  assert.equal((await Array.fromAsync(store.keys(''))).length, 9);
});

test('other bounds count at once: the copy becomes as small as they want it, and what is pinned now stays', async (t) => {
  const { store, clock, put, held } = await world(t, { maxBytes: 100_000 });
  for (const name of ['a', 'b', 'c', 'd']) await put(zip(name), 1000);
  await clock.advance(AGE_MS);
  store.bound({ maxBytes: 2500, pin: 'example.com/a' });
  await store.index.totals();
  // Giving up goes on behind it.
  while ((await held()).length > 2) {
    t.signal.throwIfAborted();
    await clock.advance(10);
  }
  assert.equal((await held()).includes(zip('a')), true);
  await assert.rejects(put(zip('large'), 3000), /larger than all of the copy may be/);
  store.bound({});
  await put(zip('large'), 3000);
  assert.equal((await held()).includes(zip('large')), true);
});
