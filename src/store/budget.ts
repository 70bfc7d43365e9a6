import { RondoError } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import { formatSize } from '../kit/size.ts';
import type { CollectGoal, Collector } from './collector.ts';
import type { IndexKeeper } from './copy-index.ts';
import { isVersionFile } from './index-row.ts';
import type { StoreKey } from './store.ts';

/** How large the copy may become. What is absent has no limit. */
export type BudgetSettings = {
  /** What Rondo writes takes no more than this, in bytes. */
  readonly maxBytes?: number;
  /** So much of the disk stays free, in bytes. */
  readonly minFreeBytes?: number;
  /** Modules that are never given up: patterns as in GOPRIVATE. */
  readonly pin?: string;
};

/** Sees to it that a copy stays within its bounds. */
export type Budget = {
  /** Throws RondoError E_STORE for a file that could never be kept, which people are told once. */
  refuseTooLarge(key: StoreKey, sizeBytes: number): void;
  /**
   * Makes room for a file. Resolves to what is to be called once it is kept, or not; rejects with RondoError
   * E_STORE where there is no room and none can be made.
   */
  makeRoom(key: StoreKey, sizeBytes: number): Promise<() => void>;
  /** Makes the copy as small as it has to be: the bounds may have become narrower. */
  enforce(): Promise<void>;
};

/** What a budget needs. */
export type BudgetParts = {
  /** Those of this moment. */
  readonly settings: () => BudgetSettings;
  readonly index: Pick<IndexKeeper, 'totals' | 'putBytes'>;
  readonly collect: Collector['collect'];
  readonly freeBytes: () => Promise<number | undefined>;
  readonly clock: Clock;
  readonly emit: Emit;
};

/** Room is made down to here, so that it is not made again for each file. */
const LOW_WATER = 0.9;
/** Where nothing could be given up, it is not tried for each file. */
const FRUITLESS_MS = 5_000;

/** What is short, and how small the copy has to become for it. */
type Shortage = { readonly goal: CollectGoal; readonly error: RondoError };

/** A budget over an index that knows what there is. Where the index does not work, only `minFreeBytes` holds. */
export function createBudget(parts: BudgetParts): Budget {
  const { settings, collect, clock, emit } = parts;
  let reservedBytes = 0;
  let fruitlessUntilMs = -Infinity;
  let toldTooLarge = false;

  const shrink = async (counts: boolean): Promise<RondoError | undefined> => {
    // Others may have made room meanwhile, but for themselves: so twice.
    for (let round = 0; round < 2; round += 1) {
      const shortage = await findShortage(parts, reservedBytes, counts);
      if (shortage === undefined) return undefined;
      if (clock.now() < fruitlessUntilMs) return shortage.error;
      const { files } = await collect(shortage.goal);
      if (files === 0) fruitlessUntilMs = clock.now() + FRUITLESS_MS;
    }
    return (await findShortage(parts, reservedBytes, counts))?.error;
  };

  return {
    refuseTooLarge(key, sizeBytes) {
      const { maxBytes = Infinity } = settings();
      if (sizeBytes <= maxBytes) return;
      const message = `${key} (${formatSize(sizeBytes)}) is larger than all of the copy may be (${formatSize(maxBytes)})`;
      if (!toldTooLarge) {
        toldTooLarge = true;
        const hint = 'such files are served and not kept; raise max_size in [cache]';
        emit({ type: 'notice', level: 'warn', message: `${message}: ${hint}` });
      }
      throw new RondoError('E_STORE', message);
    },
    async makeRoom(key, sizeBytes) {
      // The checksum databases' files cannot go, so they are not bounded: a few bytes a module.
      const counted = isVersionFile(key) ? sizeBytes : 0;
      reservedBytes += counted;
      const error = await shrink(isVersionFile(key));
      if (error === undefined) return () => void (reservedBytes -= counted);
      reservedBytes -= counted;
      throw error;
    },
    async enforce() {
      await shrink(true);
    },
  };
}

async function findShortage(
  { settings, index, freeBytes }: BudgetParts,
  reservedBytes: number,
  counts: boolean,
): Promise<Shortage | undefined> {
  const { maxBytes, minFreeBytes = 0 } = settings();
  if ((maxBytes === undefined || !counts) && minFreeBytes === 0) return undefined;
  const ownBytes = (await index.totals())?.own.bytes;
  if (maxBytes !== undefined && counts && ownBytes !== undefined) {
    const full = overMaxSize(maxBytes, ownBytes + index.putBytes(), reservedBytes);
    if (full !== undefined) return full;
  }
  const free = minFreeBytes === 0 ? undefined : await freeBytes();
  return free === undefined ? undefined : belowMinFree(minFreeBytes, free, ownBytes ?? 0);
}

function overMaxSize(maxBytes: number, heldBytes: number, reservedBytes: number): Shortage | undefined {
  if (heldBytes + reservedBytes <= maxBytes) return undefined;
  const goal = { maxBytes: Math.max(0, Math.min(maxBytes * LOW_WATER, maxBytes - reservedBytes)) };
  const message = `max_size (${formatSize(maxBytes)}) is used up, and nothing of it may be given up now`;
  return { goal, error: new RondoError('E_STORE', message, { hint: 'raise max_size in [cache]' }) };
}

function belowMinFree(minFreeBytes: number, free: number, ownBytes: number): Shortage | undefined {
  if (free >= minFreeBytes) return undefined;
  // Somebody else has filled the disk: giving up all of the copy would not help.
  const goal = ownBytes < minFreeBytes - free ? {} : { minFreeBytes: minFreeBytes / LOW_WATER };
  const message = `less than min_free (${formatSize(minFreeBytes)}) of the disk is left`;
  const hint = 'free some space on the disk of the cache folder';
  return { goal, error: new RondoError('E_STORE', message, { hint }) };
}
