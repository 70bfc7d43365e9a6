import { RondoError } from '../errors/rondo-error.ts';
import type { Clock } from '../kit/clock.ts';
import { createInTurn } from '../kit/in-turn.ts';
import { formatSize } from '../kit/size.ts';
import { say } from '../words/text.ts';
import type { BudgetSettings } from './budget.ts';
import type { CollectGoal, Collector } from './collector.ts';
import type { IndexKeeper } from './copy-index.ts';
import { createFruitless } from './fruitless.ts';

/** The room that there is for files: within max_size, and above min_free. */
export type Room = {
  /**
   * Reserves so many bytes, and gives up old files for them where that is needed. `counts`: they count against max_size.
   * Rejects with RondoError E_STORE where there is no room and none can be made.
   */
  reserve(bytes: number, counts: boolean): Promise<void>;
  /** Gives up what is too much by the settings of now. */
  enforce(): Promise<void>;
  /** What was reserved is written, and known by the index, or is not. */
  giveBack(bytes: number): void;
};

/** What making room needs. */
export type RoomParts = {
  /** Those of this moment. */
  readonly settings: () => BudgetSettings;
  readonly index: Pick<IndexKeeper, 'filledTotals' | 'putBytes'>;
  readonly collect: Collector['collect'];
  readonly freeBytes: () => Promise<number | undefined>;
  readonly clock: Clock;
};

/** Room is made down to here, so that it is not made again for each file. */
const LOW_WATER = 0.9;
/** Where nothing could be given up, it is not tried for each file (fruitless.ts). */
const FRUITLESS_MS = 5_000;
/** So many wait for room at the most: each holds on to what it has brought. */
const MAX_WAITING = 256;

/** What is short, and how small the copy has to become for it. */
type Shortage = { readonly goal: CollectGoal; readonly error: RondoError };

/** Room over an index that knows what there is. Where the index does not work, only `minFreeBytes` holds. */
export function createRoom({ settings, index, collect, freeBytes, clock }: RoomParts): Room {
  let reservedBytes = 0;
  let waiting = 0;
  const fruitless = createFruitless(clock, FRUITLESS_MS);
  const turns = createInTurn();

  /**
   * Reserves them, or says why there is no room. What waits for its turn has nothing reserved: else all of the copy would
   * go for it.
   */
  const tryReserve = async (bytes: number, counts: boolean): Promise<Shortage | undefined> => {
    const { maxBytes, minFreeBytes = 0 } = settings();
    const free = minFreeBytes === 0 ? undefined : await freeBytes();
    const isLow = free !== undefined && free < minFreeBytes;
    const isBounded = counts && maxBytes !== undefined;
    const ownBytes = isBounded || isLow ? (await index.filledTotals())?.own.bytes : undefined;
    // From here on nothing is waited for: who looks at the same time sees what others have reserved.
    const shortage =
      (isBounded && ownBytes !== undefined
        ? overMaxSize(maxBytes, ownBytes + index.putBytes(), reservedBytes + bytes)
        : undefined) ?? (isLow ? belowMinFree(minFreeBytes, free, ownBytes ?? 0) : undefined);
    if (shortage === undefined) reservedBytes += bytes;
    return shortage;
  };
  const collectUntilRoom = async (bytes: number, counts: boolean): Promise<Shortage | undefined> => {
    // Another process, or what needs no turn, may have taken the room that was made: so twice.
    for (let round = 0; round < 2; round += 1) {
      const shortage = await tryReserve(bytes, counts);
      if (shortage === undefined || fruitless.isResting()) return shortage;
      await fruitless.try(() => collect(shortage.goal));
    }
    return tryReserve(bytes, counts);
  };
  /** Whoever waits for its turn hears then what has come of the one before. */
  const makeRoom = (bytes: number, counts: boolean): Promise<Shortage | undefined> =>
    turns.run('', () => collectUntilRoom(bytes, counts));
  return {
    async reserve(bytes, counts) {
      // What was made for those who wait is theirs.
      if (waiting === 0 || waiting >= MAX_WAITING) {
        const shortage = await tryReserve(bytes, counts);
        if (shortage === undefined) return;
        if (waiting >= MAX_WAITING) throw shortage.error;
      }
      waiting += 1;
      const shortage = await makeRoom(bytes, counts).finally(() => (waiting -= 1));
      if (shortage !== undefined) throw shortage.error;
    },
    enforce: () =>
      turns.run('', async () => {
        const shortage = await tryReserve(0, true);
        if (shortage !== undefined) await fruitless.try(() => collect(shortage.goal));
      }),
    giveBack: (bytes) => void (reservedBytes -= bytes),
  };
}

function overMaxSize(maxBytes: number, heldBytes: number, reservedBytes: number): Shortage | undefined {
  if (heldBytes + reservedBytes <= maxBytes) return undefined;
  const goal = { maxBytes: Math.max(0, Math.min(maxBytes * LOW_WATER, maxBytes - reservedBytes)) };
  const message = say('max_size ({size}) is used up, and nothing of it may be given up now', {
    size: formatSize(maxBytes),
  });
  return { goal, error: new RondoError('E_STORE', message, { hint: say('raise max_size in [cache]') }) };
}

function belowMinFree(minFreeBytes: number, free: number, ownBytes: number): Shortage {
  // Somebody else has filled the disk: giving up all of the copy would not help.
  const goal = ownBytes < minFreeBytes - free ? {} : { minFreeBytes: minFreeBytes / LOW_WATER };
  const message = say('less than min_free ({size}) of the disk is left', { size: formatSize(minFreeBytes) });
  const hint = say('free some space on the disk of the cache folder, or lower min_free in [cache]');
  return { goal, error: new RondoError('E_STORE', message, { hint }) };
}
