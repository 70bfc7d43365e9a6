import { availableParallelism } from 'node:os';
import type { Emit } from './events/events.ts';
import { storeKey } from './gomod/store-key.ts';
import { RondoError } from './errors/rondo-error.ts';
import type { VersionFile } from './gomod/module-file.ts';
import { newInstanceId, openMirrors, type AskingOptions } from './open-mirrors.ts';
import { openProxy } from './open-proxy.ts';
import type { Proxy } from './proxy/proxy.ts';
import { diskStoreFolders, openDiskStore, type DiskStore } from './store/disk-store.ts';
import { createSpool } from './store/spool.ts';
import type { CopyWork } from './upkeep/work.ts';

/** The copy and what is needed to work on it, without a server. */
export type Upkeep = {
  /** All but how one piece of work ends and tells how far it is. */
  readonly work: Omit<CopyWork, 'signal' | 'onProgress'>;
  /** Has the mirrors give a file that the copy lacks, and keeps it. Rejects with RondoError. */
  mend(file: VersionFile): Promise<void>;
  /** Ends what waits for mirrors or threads, with RondoError E_INTERRUPTED or what aborted fetches say. */
  interrupt(): Promise<void>;
  close(): Promise<void>;
};

/** What work on the copy needs of the process. */
export type UpkeepOptions = AskingOptions & {
  /** No mirror is asked for anything: what the copy has is all there is. */
  readonly offline: boolean;
};

/**
 * Opens the configured copy for work on it, beside any servers that use it. Files are read from the disk each
 * time: memory would hide what is wrong there. Mirrors are asked only when something of them is needed.
 * @throws RondoError E_CACHE_DIR, E_CONFIG
 */
export async function openUpkeep(options: UpkeepOptions, emit: Emit): Promise<Upkeep> {
  const { config, clock, random } = options;
  const { dir } = config.cache;
  const store = await openDiskStore({ dir, memoryBytes: 0, clock, emit });
  const mirrors = openMirrors(options, newInstanceId(random), emit);
  const proxy = openProxy(options, store, mirrors, emit);
  const { trusted, verifier } = proxy;
  const newSpool = (): ReturnType<typeof createSpool> => createSpool({ dir: diskStoreFolders(dir).spool });
  return {
    work: { store, trusted, verifier, newSpool, clock, atOnce: availableParallelism() },
    mend: (file) => fetchIntoCopy(file, proxy, store),
    interrupt: () => proxy.close(),
    async close() {
      await proxy.close();
      await mirrors.close();
      await store.close();
    },
  };
}

async function fetchIntoCopy(file: VersionFile, proxy: Proxy, store: DiskStore): Promise<void> {
  const reply = await proxy.answer(file, { headOnly: false, fetchAllowed: true, via: undefined });
  if (reply.kind === 'stream') for await (const chunk of reply.body) void chunk;
  // What is served is kept behind the answer.
  await proxy.idle();
  if ((await store.get(storeKey(file))) !== undefined) return;
  throw new RondoError('E_STORE', 'it was fetched, and could not be kept');
}
