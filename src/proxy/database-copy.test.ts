import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DB, lookup, tile } from '../../test/support/database-world.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { RondoEvent } from '../events/events.ts';
import { storeKey } from '../gomod/store-key.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import { createDatabaseCopy, type DatabaseCopy } from './database-copy.ts';

function copyOver(changes: Partial<Store> = {}): { copy: DatabaseCopy; store: Store; events: RondoEvent[] } {
  const clock = new VirtualClock();
  const events: RondoEvent[] = [];
  const store = { ...createMemoryStore(clock), ...changes };
  return {
    copy: createDatabaseCopy(DB, { store, clock, emit: (event) => events.push(event) }),
    store,
    events,
  };
}

const text = async (copy: DatabaseCopy): Promise<string | undefined> =>
  (await copy.readCache(lookup(1)))?.bytes.toString();

test('a record that was written is proven until somebody replaces it', async () => {
  const { copy, store } = copyOver();
  await copy.writeCache(lookup(1), Buffer.from('one'), 'mirror');
  assert.deepEqual(await copy.readCache(lookup(1)), {
    bytes: Buffer.from('one'),
    proven: true,
    source: 'mirror',
  });
  await store.put(storeKey(lookup(1)), { bytes: Buffer.from('other') });
  assert.equal((await copy.readCache(lookup(1)))?.proven, false);
  await store.put(storeKey(lookup(1)), { bytes: Buffer.alloc(0) });
  assert.equal(await copy.readCache(lookup(1)), undefined, 'go has only just made it');
});

test('a record in which the disk has damaged a bit is not proven, though it is as old and as long', async () => {
  const { copy, store } = copyOver();
  await copy.writeCache(lookup(1), Buffer.from('one'), 'mirror');
  const damaged: Store['get'] = async (key) => {
    const file = await store.get(key);
    return file && { ...file, bytes: Buffer.from('onf') };
  };
  const clock = new VirtualClock();
  const reader = createDatabaseCopy(DB, { store: { ...store, get: damaged }, clock, emit: () => undefined });
  assert.deepEqual(await reader.readCache(lookup(1)), {
    bytes: Buffer.from('onf'),
    proven: false,
    source: 'mirror',
  });
});

test('who reads waits for what is being written, and the last writer counts', async () => {
  const { copy } = copyOver();
  void copy.writeCache(lookup(1), Buffer.from('one'), undefined);
  void copy.writeCache(lookup(1), Buffer.from('two'), undefined);
  assert.equal(await text(copy), 'two');
  await copy.idle();
  assert.equal((await copy.readCache(lookup(1)))?.proven, true);
});

test('a copy that cannot be written or read is told, and does no harm', async () => {
  const broken = (): Promise<never> => Promise.reject(new Error('disk full'));
  const { copy, events } = copyOver({ put: broken, get: broken, names: broken });
  await copy.writeCache(lookup(1), Buffer.from('one'), undefined);
  assert.equal(await text(copy), undefined);
  assert.deepEqual(await copy.cachedWidths({ height: 8, level: 0, index: 0, width: 3 }), [256]);
  assert.match(events[0]?.type === 'notice' ? events[0].message : '', /served but not kept: disk full/);
});

test('widths of a tile, and the records that there are', async () => {
  const { copy, store } = copyOver();
  for (const path of ['tile/8/0/000.p/7', 'tile/8/0/000.p/200', 'tile/8/0/001.p/9']) {
    await copy.writeCache(tile(path), Buffer.alloc(32), undefined);
  }
  const widths = await copy.cachedWidths({ height: 8, level: 0, index: 0, width: 3 });
  assert.deepEqual(
    [...widths].sort((a, b) => a - b),
    [7, 200, 256],
  );
  await copy.writeCache(lookup(1), Buffer.from('one'), undefined);
  await store.put(`sumdb/${DB}/lookup/what@is.this`, { bytes: Buffer.from('?') });
  assert.deepEqual(await Array.fromAsync(copy.cachedRecords()), [lookup(1)]);
});

test('the configuration is swapped only where it is what was expected', async () => {
  const { copy, store } = copyOver();
  assert.equal(await copy.readConfig('latest'), '');
  assert.equal(await copy.writeConfig('latest', '', 'one'), true);
  assert.equal(await copy.writeConfig('latest', '', 'two'), false);
  assert.equal(await copy.writeConfig('latest', 'one', 'two'), true);
  assert.equal(await copy.readConfig('latest'), 'two');
  await store.putRecord(`databases/${DB}/@latest`, { text: 7 });
  assert.equal(await copy.readConfig('latest'), '');
});

test('evidence of a fork that another process has written shows within a second, for one look a second', async () => {
  const clock = new VirtualClock();
  const store = createMemoryStore(clock);
  let looks = 0;
  const counted: Store = {
    ...store,
    getRecord(name) {
      looks += 1;
      return store.getRecord(name);
    },
  };
  const copy = createDatabaseCopy(DB, { store: counted, clock, emit: () => undefined });
  for (let n = 0; n < 100; n += 1) assert.equal(await copy.readConfig('fork'), '');
  assert.equal(looks, 1);
  await createDatabaseCopy(DB, { store, clock, emit: () => undefined }).writeConfig('fork', '', 'evidence');
  await clock.advance(999);
  assert.equal(await copy.readConfig('fork'), '');
  await clock.advance(1);
  assert.equal(await copy.readConfig('fork'), 'evidence');
  assert.equal(looks, 2);
});

test('evidence of a fork shows at once where this process has written it', async () => {
  const { copy } = copyOver();
  assert.equal(await copy.readConfig('fork'), '');
  assert.equal(await copy.writeConfig('fork', '', 'evidence'), true);
  assert.equal(await copy.readConfig('fork'), 'evidence');
});
