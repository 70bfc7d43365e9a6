import { availableParallelism } from 'node:os';
import { dirname, sep } from 'node:path';
import { createBus, type Bus } from './events/bus.ts';
import { storeKey } from './gomod/store-key.ts';
import { RondoError } from './errors/rondo-error.ts';
import type { VersionFile } from './gomod/module-file.ts';
import { newInstanceId, openDatabases, openMirrors, type AskingOptions } from './open-mirrors.ts';
import { openProxy } from './open-proxy.ts';
import type { Proxy } from './proxy/proxy.ts';
import { seal, type SealReport } from './proxy/seal.ts';
import { budgetSettings, databasesOf, proxySettings } from './settings-map.ts';
import { copyIsThere, diskStoreFolders, openDiskStore, type DiskStore } from './store/disk-store.ts';
import { packBundle } from './store/pack-bundle.ts';
import {
  findDownloadFolder,
  futurePath,
  makePlainFolder,
  openPlainFolder,
  type PlainFolder,
} from './store/plain-folder.ts';
import { createSpool } from './store/spool.ts';
import { sweepLeftovers } from './store/sweep.ts';
import { removeFolder, temporaryFolder, unpackBundle } from './store/unpack-bundle.ts';
import type { OnBytes } from './upkeep/fetch-each.ts';
import type { CopyWork } from './upkeep/work.ts';
import { say } from './words/text.ts';

/** What goes into a bundle. */
export type BundleFill<T> = {
  readonly into: (folder: PlainFolder) => Promise<T>;
  /** Whether what was written is all of it: else the bundle is as it was. */
  readonly isWhole: (result: T) => boolean;
};

/** The copy and what is needed to work on it, without a server. */
export type Upkeep = {
  /** All but how one piece of work ends and tells how far it is. */
  readonly work: Omit<CopyWork, 'signal' | 'onProgress'>;
  /**
   * Has the mirrors give a file that the copy lacks, and keeps it; `onBytes` hears how many of it have come, as far as
   * they may be passed on, and of how many, if that is known. Rejects with RondoError.
   */
  mend(file: VersionFile, onBytes?: OnBytes): Promise<void>;
  /** How large a file is as a mirror says without giving it; undefined where none does. Rejects with the signal's reason only. */
  sizeOf(file: VersionFile, signal: AbortSignal): Promise<number | undefined>;
  /**
   * Opens a folder that is to be imported: a GOMODCACHE, or one for `file://`. Rejects with RondoError E_USAGE where
   * it is none, or the copy itself.
   */
  sourceFolder(dir: string): Promise<PlainFolder>;
  /** Opens a folder that is written for `file://`, and makes it. Rejects with RondoError E_USAGE, E_STORE. */
  targetFolder(dir: string): Promise<PlainFolder>;
  /**
   * Unpacks a bundle beside the copy and gives it to `use`, as any folder that is to be imported: what is in it is
   * hostile. Rejects as `use` and unpackBundle.
   */
  withBundle<T>(file: string, use: (folder: PlainFolder) => Promise<T>, signal: AbortSignal): Promise<T>;
  /**
   * A new folder in `parent`, which is made, for what is not finished yet: whoever asks renames or removes it. Those that
   * killed processes have left there go first. Rejects with the system's error.
   */
  unfinishedFolder(parent: string): Promise<string>;
  /** Has `fill` write into a folder that then becomes a bundle, whole or not at all. Rejects as `fill` and packBundle. */
  writeBundle<T>(file: string, fill: BundleFill<T>, signal: AbortSignal): Promise<T>;
  /**
   * Makes the checksum records of the copy provable by the copy alone, asking mirrors for what is missing unless they
   * may not be asked. Rejects as proxy/seal.ts.
   */
  seal(signal: AbortSignal): Promise<SealReport[]>;
  /** Ends what waits for mirrors or threads, with RondoError E_INTERRUPTED or what aborted fetches say. */
  interrupt(): Promise<void>;
  close(): Promise<void>;
};

/** What work on the copy needs of the process. */
export type UpkeepOptions = AskingOptions & {
  /** No mirror is asked for anything: what the copy has is all there is. */
  readonly offline: boolean;
  /** Where there is no copy one is made; else that is an error. */
  readonly makesCopy: boolean;
  readonly onSinkError: (error: unknown) => void;
};

/**
 * Opens the configured copy for work on it, beside any servers that use it. Files are read from the disk each
 * time: memory would hide what is wrong there. Mirrors are asked only when something of them is needed. `attach` is
 * given what tells the events, before there can be any.
 * @throws RondoError E_CACHE_DIR, E_CONFIG
 */
export async function openUpkeep(given: UpkeepOptions, attach: (bus: Bus) => void): Promise<Upkeep> {
  // Whoever works on the copy asks for all that they need by themselves.
  const config = { ...given.config, early: { ...given.config.early, atOnce: 0 } };
  const options = { ...given, config };
  const { clock, random } = options;
  const bus = createBus(options.onSinkError);
  attach(bus);
  const { emit } = bus;
  const { dir } = config.cache;
  if (!options.makesCopy && !(await copyIsThere(dir))) throw noCopy(dir);
  const budget = budgetSettings(config);
  const store = await openDiskStore({
    dir,
    memoryBytes: 0,
    budget,
    clock,
    emit,
    goesOn: say('what only reads it goes on'),
  });
  const instanceId = newInstanceId(random);
  const mirrors = openMirrors(options, instanceId, emit);
  const proxy = openProxy(options, store, mirrors, openDatabases(options, instanceId), emit);
  const { trusted, verifier } = proxy;
  const newSpool = (): ReturnType<typeof createSpool> => createSpool({ dir: diskStoreFolders(dir).spool });
  const atOnce = availableParallelism();
  return {
    work: { store, trusted, verifier, newSpool, databases: databasesOf(config), clock, emit, atOnce },
    mend: (file, onBytes) => fetchIntoCopy(file, proxy, store, onBytes),
    sizeOf: (file, signal) => askSize(file, proxy, signal),
    sourceFolder: (dir) => openSourceFolder(dir, options),
    targetFolder: (dir) => openTargetFolder(dir, options),
    withBundle: (file, use, signal) => readBundle(file, use, signal, options),
    async unfinishedFolder(parent) {
      await sweepLeftovers(parent, { clock, signal: new AbortController().signal, shallow: true });
      return temporaryFolder(parent);
    },
    writeBundle: (file, fill, signal) => writeBundle(file, fill, signal, options),
    async seal(signal) {
      // Records that were just fetched are written behind the answer.
      await proxy.idle();
      return seal({
        store,
        newSpool,
        mirrors,
        itself: openDatabases(options, instanceId),
        settings: proxySettings(config, options.offline),
        clock,
        emit,
        signal,
      });
    },
    interrupt: () => proxy.close(),
    async close() {
      await proxy.close();
      await mirrors.close();
      await store.close();
    },
  };
}

function noCopy(dir: string): RondoError {
  return new RondoError('E_CACHE_DIR', say('there is no copy at {dir}', { dir }), {
    hint: say('rondo exec, rondo serve and rondo cache import make one; --cache-dir names another folder'),
  });
}

async function openSourceFolder(
  dir: string,
  { config, clock, platform }: UpkeepOptions,
): Promise<PlainFolder> {
  const path = await findDownloadFolder(dir);
  if (path === undefined) {
    throw new RondoError('E_USAGE', say('{dir} is no folder', { dir }), {
      hint: say(
        'name one that is there: a GOMODCACHE, as "$(go env GOMODCACHE)", a folder for file://, or a bundle, which ends in .tar.zst',
      ),
    });
  }
  const folder = await openPlainFolder(path, clock, platform);
  const own = await openPlainFolder(diskStoreFolders(config.cache.dir).download, clock, platform);
  if (folder.path !== own.path) return folder;
  throw new RondoError('E_USAGE', say('{dir} is the copy itself', { dir }), {
    hint: say('what lies in it is verified before it is served; to verify it now: rondo cache verify'),
  });
}

async function openTargetFolder(
  dir: string,
  { config, clock, platform }: UpkeepOptions,
): Promise<PlainFolder> {
  // Before it is made and swept.
  const [path, copy] = await Promise.all([futurePath(dir), futurePath(config.cache.dir)]);
  if (path !== copy && !path.startsWith(`${copy}${sep}`)) return makePlainFolder(dir, clock, platform);
  throw new RondoError('E_USAGE', say('{dir} lies in the copy itself', { dir }), {
    hint: say('name another folder'),
  });
}

async function readBundle<T>(
  file: string,
  use: (folder: PlainFolder) => Promise<T>,
  signal: AbortSignal,
  { config, clock, platform }: UpkeepOptions,
): Promise<T> {
  const { minFreeBytes } = config.cache;
  const place = { parent: diskStoreFolders(config.cache.dir).spool, minFreeBytes, platform };
  const dir = await unpackBundle(file, place, signal);
  try {
    return await use(await openPlainFolder(dir, clock, platform));
  } finally {
    await removeFolder(dir);
  }
}

async function writeBundle<T>(
  file: string,
  fill: BundleFill<T>,
  signal: AbortSignal,
  { clock, platform }: UpkeepOptions,
): Promise<T> {
  // Beside what it becomes: there is room for it, and nobody else's. What a killed Rondo has left there goes first.
  await sweepLeftovers(dirname(file), { clock, signal, shallow: true });
  const dir = await temporaryFolder(dirname(file));
  try {
    const folder = await makePlainFolder(dir, clock, platform);
    const result = await fill.into(folder);
    await folder.close();
    if (fill.isWhole(result)) await packBundle(dir, file, signal);
    return result;
  } finally {
    await removeFolder(dir);
  }
}

async function fetchIntoCopy(
  file: VersionFile,
  proxy: Proxy,
  store: DiskStore,
  onBytes: OnBytes = () => undefined,
): Promise<void> {
  const reply = await proxy.answer(file, { headOnly: false, fetchAllowed: true, via: undefined });
  let bytes = 0;
  if (reply.kind === 'stream')
    for await (const chunk of reply.body) onBytes((bytes += chunk.length), reply.contentLength);
  // What is served is kept behind the answer. Others may hang: they are not waited for.
  await proxy.kept(file);
  if ((await store.get(storeKey(file))) !== undefined) return;
  throw new RondoError('E_STORE', say('it was fetched, and could not be kept'));
}

/** A mirror's HEAD: nothing is fetched or kept. */
async function askSize(file: VersionFile, proxy: Proxy, signal: AbortSignal): Promise<number | undefined> {
  try {
    const request = { headOnly: true, fetchAllowed: true, via: undefined, signal };
    const reply = await proxy.answer(file, request);
    return reply.kind === 'head' ? reply.contentLength : undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RondoError) return undefined;
    throw error;
  }
}
