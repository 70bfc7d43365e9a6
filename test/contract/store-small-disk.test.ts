import assert from 'node:assert/strict';
import { readdir, statfs, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { RondoEvent } from '../../src/events/events.ts';
import type { BudgetSettings } from '../../src/store/budget.ts';
import { render } from '../../src/words/render.ts';
import { openDiskStore, type DiskStore } from '../../src/store/disk-store.ts';
import { provenanceName } from '../../src/store/provenance.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { smallDisk, type SmallDisk } from '../support/small-disk.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

type World = SmallDisk & {
  readonly store: DiskStore;
  readonly clock: VirtualClock;
  /** Notices that people see. */
  readonly told: string[];
  put(name: string | number, sizeBytes: number): Promise<void>;
  freeBytes(): Promise<number>;
};

async function world(test: TestContext, sizeKiB: number, budget: BudgetSettings = {}): Promise<World> {
  const t = reverseCleanup(test);
  const disk = await smallDisk(t, sizeKiB);
  const clock = new VirtualClock();
  const told: string[] = [];
  const emit = (event: RondoEvent): void => {
    if (event.type === 'notice' && event.level !== 'debug') told.push(`${event.level}: ${event.message}`);
  };
  const store = await openDiskStore({ dir: disk.path, memoryBytes: 0, budget, clock, emit });
  t.after(() => store.close());
  return {
    ...disk,
    store,
    clock,
    told,
    async put(name, sizeBytes) {
      const key = zip(name);
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
    async freeBytes() {
      const { bavail, bsize } = await statfs(disk.path);
      return bavail * bsize;
    },
  };
}

const zip = (name: string | number): string => `example.com/${name}/@v/v1.0.0.zip`;

async function unfinished(dir: string): Promise<string[]> {
  return (await readdir(dir, { recursive: true })).filter((name) => name.includes('.rondo-'));
}

await testWith(
  ['linux', 'mount'],
  'a disk that is full: what is there is served, nothing is half kept, people are told once, and it recovers',
  async (test) => {
    const { path: dir, store, clock, told, put } = await world(test, 2 * 1024);
    await put('kept', 300 * KIB);
    await store.index.compare('now');
    await writeFile(join(dir, 'somebody else'), Buffer.alloc(MIB));
    const ends = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => put(n, 200 * KIB)));
    assert.ok(ends.some(({ status }) => status === 'rejected'));
    for (const end of ends) {
      if (end.status === 'rejected') assert.match(String(end.reason), /E_STORE|the disk is full/);
    }
    await clock.advance(120_000);
    assert.equal((await store.get(zip('kept')))?.sizeBytes, 300 * KIB);
    for await (const key of store.keys('')) assert.equal((await store.get(key))?.sizeBytes ?? 0, sizeOf(key));
    assert.deepEqual(await unfinished(dir), []);
    assert.equal(store.isKeeping(), false);
    const errors = told.filter((line) => line.startsWith('error'));
    assert.equal(errors.length, 1, told.join('\n'));
    assert.match(errors[0] ?? '', /the disk is full/);

    await unlink(join(dir, 'somebody else'));
    await clock.advance(120_000);
    await put('later', 200 * KIB);
    assert.equal(await store.whyNotWritable(), undefined);
    assert.equal(store.isKeeping(), true);
    assert.ok(told.includes('info: the copy can be written again'), told.join('\n'));
    await store.index.compare('now');
    const held = (await Array.fromAsync(store.keys(''))).toSorted();
    assert.deepEqual(
      (await store.index.list()).map(({ key }) => key),
      held,
    );
  },
);

function sizeOf(key: string): number {
  return key === zip('kept') ? 300 * KIB : 200 * KIB;
}

await testWith(
  ['linux', 'mount'],
  'a full disk says so to whoever asks whether it can be written',
  async (test) => {
    const { path: dir, store } = await world(test, 1 * 1024);
    const filler = writeFile(join(dir, 'somebody else'), Buffer.alloc(2 * MIB));
    await assert.rejects(filler, { code: 'ENOSPC' });
    assert.equal(render((await store.whyNotWritable()) ?? ''), 'the disk is full (ENOSPC)');
    assert.equal(await store.writable(), false);
  },
);

await testWith(
  ['linux', 'mount'],
  'min_free: files go before the disk is full, those first that nobody has asked for longest',
  async (test) => {
    const { store, clock, told, put, freeBytes } = await world(test, 3 * 1024, { minFreeBytes: MIB });
    for (let n = 0; n < 60; n += 1) {
      await put(n, 100 * KIB);
      store.index.touch(zip(0), clock.wallMs());
      await clock.advance(2_000);
      // The file that was let in, and what belongs to it.
      assert.ok((await freeBytes()) >= MIB - 150 * KIB, `${await freeBytes()} bytes after ${n}`);
    }
    const held = await Array.fromAsync(store.keys(''));
    assert.ok(held.includes(zip(59)) && held.includes(zip(0)) && !held.includes(zip(1)), held.join('\n'));
    assert.ok(held.length > 5);
    assert.deepEqual(told, []);
  },
);

await testWith(
  ['linux', 'mount'],
  'min_free: where others have filled the disk the copy stays, nothing more is kept, and it recovers',
  async (test) => {
    const { path: dir, store, clock, told, put } = await world(test, 3 * 1024, { minFreeBytes: MIB });
    for (let n = 0; n < 5; n += 1) await put(n, 50 * KIB);
    await clock.advance(11_000);
    await writeFile(join(dir, 'somebody else'), Buffer.alloc(2 * MIB + 512 * KIB));
    for (const name of ['a', 'b']) await assert.rejects(put(name, 50 * KIB), /less than min_free/);
    assert.equal((await Array.fromAsync(store.keys(''))).length, 5);
    assert.equal(told.length, 1, told.join('\n'));
    await unlink(join(dir, 'somebody else'));
    await clock.advance(11_000);
    await put('a', 50 * KIB);
    assert.deepEqual(told.slice(1), ['info: the copy can be written again']);
  },
);

await testWith(
  ['linux', 'mount'],
  'a disk that becomes read-only: what is there is served, and it recovers; it can be opened like that',
  async (test) => {
    const { path: dir, store, clock, told, put, remount } = await world(test, 3 * 1024);
    await put('a', 50 * KIB);
    // Before the index is opened: what is open for writing would keep the disk from becoming read-only.
    await remount('ro');
    await assert.rejects(put('b', 50 * KIB), { code: 'E_STORE', message: /read-only/ });
    store.index.touch(zip('a'), clock.wallMs());
    await clock.advance(120_000);
    assert.equal((await store.get(zip('a')))?.sizeBytes, 50 * KIB);
    assert.equal(render((await store.whyNotWritable()) ?? ''), 'the file system is read-only (EROFS)');
    assert.deepEqual(await store.collect({ maxBytes: 0 }), {
      files: 0,
      bytes: 0,
      stayed: 0,
      why: 'no-index',
    });
    assert.equal(told.length, 2, told.join('\n'));
    assert.match(told[1] ?? '', /^warn: the index of the copy does not work/);

    const notices: string[] = [];
    const emit = (event: RondoEvent): void => {
      if (event.type === 'notice') notices.push(event.message);
    };
    const reader = await openDiskStore({ dir, memoryBytes: 0, clock, emit });
    assert.equal((await reader.get(zip('a')))?.sizeBytes, 50 * KIB);
    assert.deepEqual(notices, [
      'the copy cannot be written, answers go on without being kept: the file system is read-only (EROFS); choose another folder with --cache-dir',
    ]);
    await reader.close();

    await remount('rw');
    await clock.advance(120_000);
    await put('b', 50 * KIB);
    assert.equal(await store.whyNotWritable(), undefined);
    assert.ok(told.includes('info: the copy can be written again'), told.join('\n'));
    assert.equal(await store.index.compare('now'), true);
    assert.equal((await store.index.totals())?.own.files, 2);
  },
);
