import { notice } from '../events/notice.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';
import { formatSize } from '../kit/size.ts';
import { createSharedTask } from '../kit/shared-task.ts';
import type { IndexKeeper } from './copy-index.ts';
import { createFruitless } from './fruitless.ts';
import { type Keeping, keepingOf, weightOf } from './index-row.ts';
import { createRoom, type RoomParts } from './room.ts';
import type { StoreKey } from './store.ts';
import { say } from '../words/text.ts';

/** How large the copy may become. What is absent has no limit. */
export type BudgetSettings = {
  /** What Rondo writes of versions takes no more than this, in bytes; answers and records a part of it beside. */
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
   * Makes room for a file, or for an answer by its record's name. Resolves to what is to be called once it is kept, or not; rejects with RondoError
   * E_STORE where there is no room and none can be made.
   */
  makeRoom(key: StoreKey, sizeBytes: number): Promise<() => void>;
  /** Makes the copy as small as it has to be: the bounds may have become narrower. */
  enforce(): Promise<void>;
};

/** What a budget needs. */
export type BudgetParts = RoomParts & {
  readonly index: Pick<IndexKeeper, 'totals' | 'knownAmount'>;
  readonly emit: Emit;
};

/** Answers, and records of which the copy has no file, may be had again: each kind has this part of max_size, */
const BESIDE_PART = 1 / 16;
/** or this much, in which the longest list has room. */
const BESIDE_MIN_BYTES = 4 * 1024 * 1024;
const BESIDE_LOW_WATER = 0.95;
/** What is needed is looked at before it is known that none of it may go. */
const BESIDE_FRUITLESS_MS = 60_000;

/** What of max_size the answers may take beside the files, and the records as much again, by weightOf. */
export function besideBytes(maxBytes: number): number {
  return Math.max(BESIDE_MIN_BYTES, Math.floor(maxBytes * BESIDE_PART));
}

/** A budget over an index that knows what there is. Where the index does not work, only `minFreeBytes` holds. */
export function createBudget(parts: BudgetParts): Budget {
  const { settings, emit } = parts;
  const room = createRoom(parts);
  let toldTooLarge = false;
  const shrinkBeside = createBesideBounds(parts);

  return {
    refuseTooLarge(key, sizeBytes) {
      const { maxBytes = Infinity } = settings();
      if (sizeBytes <= maxBytes) return;
      const what = say('{key} ({size}) is larger than all of the copy may be ({max})', {
        key,
        size: formatSize(sizeBytes),
        max: formatSize(maxBytes),
      });
      if (!toldTooLarge) {
        toldTooLarge = true;
        emit(
          notice(
            'warn',
            say('{what}: such files are served and not kept; raise max_size in [cache]', { what }),
          ),
        );
      }
      throw new RondoError('E_STORE', what);
    },
    async makeRoom(key, sizeBytes) {
      const keeping = keepingOf(key);
      if (keeping === 'answers' || keeping === 'records') await shrinkBeside(keeping);
      const counted = keeping === 'files' ? sizeBytes : 0;
      await room.reserve(counted, keeping === 'files');
      return () => room.giveBack(counted);
    },
    enforce: () => room.enforce(),
  };
}

/** Bounds what stands beside the files of versions. What it cannot bound is kept all the same: it is needed. */
function createBesideBounds({
  settings,
  index,
  collect,
  clock,
}: BudgetParts): (keeping: Exclude<Keeping, 'files'>) => Promise<void> {
  const fruitless = {
    answers: createFruitless(clock, BESIDE_FRUITLESS_MS),
    records: createFruitless(clock, BESIDE_FRUITLESS_MS),
  };
  const shared = createSharedTask<unknown>();
  return async (keeping) => {
    const { maxBytes: ofModules } = settings();
    if (ofModules === undefined || fruitless[keeping].isResting()) return;
    const held = index.knownAmount(keeping);
    // Opening the index takes milliseconds, for which no answer waits; the next ones find it open.
    if (held === undefined) return void index.totals();
    const maxBytes = besideBytes(ofModules);
    if (weightOf(keeping, held) + index.putBytes(keeping) <= maxBytes) return;
    const goal = { keeping, maxBytes: maxBytes * BESIDE_LOW_WATER };
    // The room is for all who come meanwhile.
    await shared.run(keeping, () => fruitless[keeping].try(() => collect(goal)));
  };
}
