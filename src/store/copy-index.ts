import type { Emit } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import type { FolderLock } from './folder-lock.ts';
import { createIndexAccess, type IndexAccess } from './index-access.ts';
import { createIndexComparison } from './index-comparison.ts';
import {
  findModules,
  findVersions,
  type KeptVersion,
  type ModulePage,
  type ModuleQuery,
} from './index-modules.ts';
import type { Amount, CopyTotals, IndexQuery, IndexRow, Keeping } from './index-row.ts';
import type { IndexDatabase } from './index-database.ts';
import { type IndexWalk, mendRows } from './index-walk.ts';
import { createIndexWriter, type IndexWriter } from './index-writer.ts';
import type { StoreKey } from './store.ts';

/** What is known of the files of a copy, for those who look after it. It may lag behind the folder by seconds. */
export type CopyIndex = {
  /** Remembers that a client asked for `key` at `atMs`, Unix milliseconds: in memory, written down in a while. */
  touch(key: StoreKey, atMs: number): void;
  /** `undefined` where the index does not work. */
  totals(): Promise<CopyTotals | undefined>;
  /** The same at once, where it is open. */
  knownTotals(): CopyTotals | undefined;
  /** What there is of one bound, where the index is open. */
  knownAmount(keeping: Keeping): Amount | undefined;
  get(key: StoreKey): Promise<IndexRow | undefined>;
  /** None where the index does not work. */
  list(query?: IndexQuery): Promise<IndexRow[]>;
  /** A page of the modules; none where the index does not work. As findModules. */
  modules(query: ModuleQuery): Promise<ModulePage>;
  /** As findVersions; none where the index does not work. */
  versions(module: string): Promise<KeptVersion[]>;
  /**
   * Compares the rows with the folder: `now`, or if that is `due`, because the index is new, a process ended
   * without a word, or the last time is a day ago. Resolves to whether rows and folder agree then.
   */
  compare(when: 'now' | 'due'): Promise<boolean>;
};

/** The index as the store itself uses it. */
export type IndexKeeper = CopyIndex &
  Pick<IndexAccess, 'use'> &
  Pick<IndexWriter, 'note' | 'lastTouchMs' | 'putBytes' | 'flush'> & {
    /** The totals once an index that is new knows the folder, or has been at it for two seconds. */
    filledTotals(): Promise<CopyTotals | undefined>;
    /** Makes the rows of these files anew: what they say is not so. */
    mend(keys: readonly StoreKey[]): Promise<boolean>;
    /** Writes down what waits, and ends. */
    close(): Promise<void>;
  };

/** What an index needs. */
export type CopyIndexSettings = Pick<IndexWalk, 'root' | 'recordsRoot' | 'platform' | 'readProvenance'> & {
  /** Where it is. */
  readonly folder: string;
  readonly lock: FolderLock;
  readonly clock: Clock;
  readonly emit: Emit;
};

/**
 * The index of a copy: `index.sqlite` in `folder`, one row a file, and one for each answer of mirrors. Everything in it but the last requests can be
 * made again from the folder and its provenance records, and is, behind the requests, where it is lost,
 * damaged, of another version or disagrees. Opened when first needed; no request ever waits for it.
 */
export function createCopyIndex(settings: CopyIndexSettings): IndexKeeper {
  const comparison = createIndexComparison({
    ...settings,
    access: () => access,
    flush: () => writer.flush(),
  });
  const access = createIndexAccess({ ...settings, onOpen: (database) => comparison.opened(database) });
  const writer = createIndexWriter(access, settings.clock);
  const { use } = access;
  const known = <T>(read: (database: IndexDatabase) => T): T | undefined => {
    const database = access.current();
    try {
      return database === undefined ? undefined : read(database);
    } catch {
      return undefined; // The next use finds out why.
    }
  };
  return {
    use,
    touch: writer.touch,
    note: writer.note,
    lastTouchMs: writer.lastTouchMs,
    putBytes: writer.putBytes,
    flush: writer.flush,
    totals: () => use((database) => database.totals()),
    async filledTotals() {
      // The first use opens it.
      const found = await use((database) => database.totals());
      return (await comparison.filled()) ? use((database) => database.totals()) : found;
    },
    knownTotals: () => known((database) => database.totals()),
    knownAmount: (keeping) => known((database) => database.amount(keeping)),
    get: (key) => use((database) => database.get(key)),
    list: async (query = {}) => (await use((database) => database.list(query))) ?? [],
    modules: (query) => findModules(query, use, settings.clock),
    versions: (module) => findVersions(module, use),
    compare: comparison.compare,
    mend: (keys) => mendRows({ ...settings, use }, keys),
    async close() {
      await comparison.stop();
      await writer.close();
      await comparison.leave();
      access.close();
    },
  };
}
