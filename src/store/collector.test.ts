import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { tempFolder, type Cleanup } from '../../test/support/temp-folder.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { type Collector, createCollector } from './collector.ts';
import { createCopyIndex } from './copy-index.ts';
import type { Eviction } from './evict-file.ts';
import { createFolderLock } from './folder-lock.ts';
import type { StoreKey } from './store.ts';

const AGE_MS = 12_000;
const FILES = 80;
/** The 40 oldest ones. */
const isOld = (key: StoreKey): boolean => key < 'example.com/m040';

type World = { readonly collect: Collector['collect']; readonly tried: StoreKey[] };

/** A collector over a real index of 80 files of 100 bytes, the first the oldest. */
async function world(t: Cleanup, evict: (key: StoreKey) => Promise<Eviction>): Promise<World> {
  const folder = await tempFolder(t);
  const clock = new VirtualClock();
  const emit = (): void => undefined;
  const lock = createFolderLock(folder, clock);
  const index = createCopyIndex({
    root: dirname(folder),
    recordsRoot: dirname(folder),
    platform: process.platform,
    readProvenance: async () => undefined,
    folder,
    lock,
    clock,
    emit,
  });
  t.after(async () => {
    await index.close();
    await lock.close();
  });
  const atS = Math.floor(clock.wallMs() / 1000);
  for (let n = 0; n < FILES; n += 1) {
    const key = `example.com/m${String(n).padStart(3, '0')}/@v/v1.0.0.zip`;
    index.note(key, { kind: 'put', sizeBytes: 100, etag: '"64-1"', atS: atS + Math.floor(n / 40) });
  }
  await index.flush();
  await clock.advance(AGE_MS);
  const tried: StoreKey[] = [];
  const { collect } = createCollector({
    index,
    lock,
    async evict({ key }) {
      tried.push(key);
      return evict(key);
    },
    isSpared: () => false,
    freeBytes: async () => undefined,
    clock,
    emit,
    signal: new AbortController().signal,
  });
  return { collect, tried };
}

const failing = (code: string) => async (key: StoreKey) => {
  if (isOld(key)) throw Object.assign(new Error(code), { code });
  return 'evicted' as const;
};

test('files that may not be removed stand in the way of no other one', async (t) => {
  const { collect, tried } = await world(t, failing('EACCES'));
  assert.deepEqual(await collect({ maxBytes: 4000 }), { files: 40, bytes: 4000, stayed: 40, why: 'enough' });
  assert.equal(tried.length, FILES);
  assert.deepEqual(await collect({ maxBytes: 3900 }), {
    files: 0,
    bytes: 0,
    stayed: 40,
    why: 'nothing-left',
  });
});

test('a disk that cannot be written is not tried file by file', async (t) => {
  const { collect, tried } = await world(t, failing('EROFS'));
  assert.deepEqual(await collect({ maxBytes: 4000 }), { files: 0, bytes: 0, stayed: 1, why: 'nothing-left' });
  assert.equal(tried.length, 1);
});
