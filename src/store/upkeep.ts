import { statfs } from 'node:fs/promises';
import type { Emit } from '../events/events.ts';
import { matchPrefixPatterns } from '../gomod/path-patterns.ts';
import type { Clock } from '../kit/clock.ts';
import { type Budget, type BudgetSettings, createBudget } from './budget.ts';
import { type CollectPreview, previewCollect } from './collect-preview.ts';
import { type CollectGoal, type Collector, createCollector } from './collector.ts';
import { type CopyIndex, createCopyIndex, type IndexKeeper } from './copy-index.ts';
import type { DiskFiles } from './disk-files.ts';
import type { DiskRecords } from './disk-records.ts';
import type { Written } from './durable-write.ts';
import { strongEtag } from './etag.ts';
import { isBeingRead } from './file-stream.ts';
import type { FolderLock } from './folder-lock.ts';
import { keepingOf, moduleOfKey } from './index-row.ts';
import { keyPath } from './key-path.ts';
import { keyOfProvenance, parseProvenance, provenanceName, withoutFile } from './provenance.ts';
import type { RemovalMark } from './removal-mark.ts';
import type { StoredFile, StoreKey } from './store.ts';
import type { VersionLists } from './version-list-file.ts';

/** What keeps a copy in order beside serving it: its index, and its bounds. */
export type Upkeep = {
  readonly index: CopyIndex;
  readonly budget: Budget;
  readonly collect: Collector['collect'];
  /** What `collect` would give up now. */
  readonly preview: (goal: CollectGoal) => Promise<CollectPreview>;
  /** Other bounds from now on; the copy becomes as small as they want it. */
  readonly bound: (budget: BudgetSettings) => void;
  /** Rondo has put a file. */
  put(key: StoreKey, file: Pick<StoredFile, 'sizeBytes' | 'etag'>): void;
  removed(key: StoreKey): void;
  /** A record was written, or removed; `written` is the file that it is in then. */
  recorded(name: string, value: unknown, written?: Written): void;
  close(): Promise<void>;
};

/** The parts of a copy on disk. */
export type UpkeepParts = {
  /** The folder of the content. */
  readonly root: string;
  /** The folder of the records. */
  readonly recordsRoot: string;
  /** The folder of the index. */
  readonly folder: string;
  readonly files: DiskFiles;
  readonly records: DiskRecords;
  readonly lists: VersionLists;
  readonly lock: FolderLock;
  readonly mark: RemovalMark;
  readonly budget: BudgetSettings;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly platform: NodeJS.Platform;
};

/** The upkeep of a copy. Nothing of it runs before there is something to do. */
export function createUpkeep(parts: UpkeepParts): Upkeep {
  const { root, files, records, lists, mark, clock, platform } = parts;
  const stop = new AbortController();
  let bounds = parts.budget;
  const index = createCopyIndex({
    ...parts,
    readProvenance: async (key) => parseProvenance(await records.peek(provenanceName(key))),
  });
  const freeBytes = async (): Promise<number | undefined> => {
    const stats = await statfs(root).catch(() => undefined);
    return stats === undefined ? undefined : stats.bavail * stats.bsize;
  };
  const isSpared = (key: StoreKey): boolean =>
    isPinned(key, bounds.pin) || isBeingRead(keyPath(root, key, platform));
  const { collect, idle } = createCollector({
    ...parts,
    index,
    freeBytes,
    signal: stop.signal,
    isSpared,
    async evict({ key, etag }) {
      if (keepingOf(key) === 'answers') {
        const end = await records.evict(key, etag);
        await mark.tell();
        return end;
      }
      const end = await files.evict(key, etag);
      if (end !== 'evicted') return end;
      if (key.endsWith('.zip')) index.note(`${key}hash`, { kind: 'gone' });
      lists.changed(key);
      // After the file: one without its record would not be known as Rondo's.
      await forgetProvenance(key, records);
      await mark.tell();
      return end;
    },
  });
  const put: Upkeep['put'] = (key, { sizeBytes, etag }) =>
    index.note(key, { kind: 'put', sizeBytes, etag, atS: Math.floor(clock.wallMs() / 1000) });
  const budget = createBudget({ ...parts, settings: () => bounds, index, collect, freeBytes });
  return {
    index,
    collect,
    preview: (goal) => previewCollect(goal, { index, freeBytes, isSpared, clock }),
    budget,
    bound(next) {
      bounds = next;
      void budget.enforce();
    },
    put,
    removed: (key) => index.note(key, { kind: 'gone' }),
    recorded: (name, value, written) => noteRecord(name, value, written, index, put),
    async close() {
      stop.abort();
      await idle();
      await index.close();
    },
  };
}

/** The hash that was seen first is trusted beyond the file: when it comes again, from whomever, it must be that one. */
async function forgetProvenance(key: StoreKey, records: DiskRecords): Promise<void> {
  const name = provenanceName(key);
  const provenance = parseProvenance(await records.peek(name));
  if (provenance?.verified !== 'first-use') await records.remove(name);
  // Or else it would count as missing; where that cannot be written, it does.
  else await records.put(name, withoutFile(provenance)).catch(() => undefined);
}

function noteRecord(
  name: string,
  value: unknown,
  written: Written | undefined,
  index: Pick<IndexKeeper, 'note'>,
  put: Upkeep['put'],
): void {
  if (keepingOf(name) === 'answers') {
    if (written === undefined) return index.note(name, { kind: 'gone' });
    const { sizeBytes, mtimeNs } = written;
    return put(name, { sizeBytes, etag: strongEtag(sizeBytes, mtimeNs) });
  }
  const key = keyOfProvenance(name);
  if (key === undefined) return;
  const provenance = parseProvenance(value);
  index.note(key, provenance === undefined ? { kind: 'unproved' } : { kind: 'proved', provenance });
}

function isPinned(key: StoreKey, patterns: string | undefined): boolean {
  if (patterns === undefined) return false;
  const [, asked] = /^answers\/(.+)\/@(?:list|latest)$/.exec(key) ?? [];
  const module = moduleOfKey(asked === undefined ? key : `${asked}/@v/list.info`);
  return module !== undefined && matchPrefixPatterns(patterns, module);
}
