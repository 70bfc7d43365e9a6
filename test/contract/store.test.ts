import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { systemClock } from '../../src/kit/clock.ts';
import { diskStoreFolders, openDiskStore } from '../../src/store/disk-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { removeTree, tempFolder } from '../support/temp-folder.ts';
import { storeContract, type StoreFixture } from './store.ts';

async function onDisk(t: TestContext, memoryBytes: number): Promise<StoreFixture> {
  const dir = await mkdtemp(join(tmpdir(), 'rondo-store-'));
  t.after(async () => {
    await store.close();
    await removeTree(dir);
  });
  const store = await openDiskStore({ dir, memoryBytes, clock: systemClock, emit: () => undefined });
  return { store, spoolDir: diskStoreFolders(dir).spool };
}

async function inMemory(t: TestContext): Promise<StoreFixture> {
  return { store: createMemoryStore(systemClock), spoolDir: await tempFolder(t) };
}

storeContract('memory', inMemory);
storeContract('disk', (t) => onDisk(t, 64 * 1024 * 1024));
storeContract('disk without memory', (t) => onDisk(t, 0));
