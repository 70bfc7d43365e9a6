import type { Emit } from '../events/events.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import { inTime } from '../kit/in-time.ts';
import { nextRound } from '../kit/next-round.ts';
import type { IndexAccess } from './index-access.ts';
import type { IndexDatabase } from './index-database.ts';
import { type IndexWalk, walkIntoIndex } from './index-walk.ts';
import { ownerMayRun, ownerOf, ownFileName, processRuns } from './own-file-name.ts';

const COMPARE_EVERY_MS = 24 * 3_600_000;
const FILLED_WITHIN_MS = 2_000;

/** Sees to it that the index agrees with the folder. */
export type IndexComparison = {
  /** To be called with each index that was opened. */
  opened(database: IndexDatabase): void;
  /** CopyIndex.compare. */
  readonly compare: (when: 'now' | 'due') => Promise<boolean>;
  /**
   * Resolves once an index that is new knows the folder, or has been at it for two seconds: a large copy takes longer, and
   * what comes meanwhile may pass its bound. Resolves to whether there was anything to wait for.
   */
  filled(): Promise<boolean>;
  /** Ends the comparison that is under way; there is none after it. */
  stop(): Promise<void>;
  /** Says to others that this process has ended well. */
  leave(): Promise<void>;
};

/** What comparing needs. */
export type IndexComparisonSettings = Pick<
  IndexWalk,
  'root' | 'recordsRoot' | 'platform' | 'readProvenance'
> & {
  readonly access: () => IndexAccess;
  /** Writes down what waits, so that it is not found missing. */
  readonly flush: () => Promise<boolean>;
  readonly clock: Clock;
  readonly emit: Emit;
};

/** Comparisons behind the requests: one at a time, when one is due, and then once a day. */
export function createIndexComparison(settings: IndexComparisonSettings): IndexComparison {
  const { access, clock, emit } = settings;
  const ownName = ownFileName();
  const stop = new AbortController();
  let timer: Timer | undefined;
  let comparing: Promise<boolean> | undefined;
  const filling = createFilling(clock);
  /** Processes that have ended without a word since the last comparison: files of theirs may have no rows. */
  let dead: readonly string[] = [];

  const walk = async (): Promise<boolean> => {
    await settings.flush();
    const { use } = access();
    const isNew = (await use((database) => database.walkedAtS() === undefined)) === true;
    const gone = dead;
    if (!(await walkIntoIndex({ ...settings, use, signal: stop.signal }))) return false;
    const atS = Math.floor(clock.wallMs() / 1000);
    if ((await use((database) => finish(database, atS, gone))) !== true) return false;
    dead = dead.filter((name) => !gone.includes(name));
    if (isNew) emit({ type: 'index', state: 'rebuilt' });
    return true;
  };
  const compareTomorrow = (): void => {
    timer?.cancel();
    if (stop.signal.aborted) return;
    timer = clock.after(COMPARE_EVERY_MS, () => void compare('due').then(compareTomorrow), {
      background: true,
    });
  };
  const compare: IndexComparison['compare'] = async (when) => {
    if (when === 'due' && comparing === undefined) {
      const due = await access().use((database) => dead.length > 0 || isDue(database, clock.wallMs()));
      if (due !== true) return due === false;
    }
    if (stop.signal.aborted) return false;
    return (comparing ??= walk().finally(() => (comparing = undefined)));
  };

  return {
    opened(database) {
      dead = database.users().filter((name) => !mayRun(name));
      database.enter(ownName);
      compareTomorrow();
      // Not before whoever opened it has done what it came for.
      const over = nextRound().then(() => stop.signal.aborted || compare('due'));
      if (database.walkedAtS() === undefined) filling.begin(over);
    },
    compare,
    filled: () => filling.wait(),
    async stop() {
      stop.abort();
      timer?.cancel();
      await comparing;
    },
    async leave() {
      if (access().current() !== undefined) await access().use((database) => database.leave([ownName]));
    },
  };
}

/** The first comparison of a new index, as others wait for it: IndexComparison.filled. */
function createFilling(clock: Clock): { begin(over: Promise<unknown>): void; wait(): Promise<boolean> } {
  let filling: { readonly over: Promise<unknown>; readonly untilMs: number } | undefined;
  return {
    begin(over) {
      const begun = { over, untilMs: clock.now() + FILLED_WITHIN_MS };
      filling = begun;
      void over.finally(() => {
        if (filling === begun) filling = undefined;
      });
    },
    async wait() {
      const leftMs = (filling?.untilMs ?? -Infinity) - clock.now();
      if (filling === undefined || leftMs <= 0) return false;
      await inTime(filling.over, leftMs, clock);
      return true;
    },
  };
}

function finish(database: IndexDatabase, atS: number, gone: readonly string[]): boolean {
  database.setWalkedAtS(atS);
  database.leave(gone);
  return true;
}

function isDue(database: IndexDatabase, wallMs: number): boolean {
  const walkedAtS = database.walkedAtS();
  const ageMs = walkedAtS === undefined ? Infinity : wallMs - walkedAtS * 1000;
  // From the future: the wall clock was set back, so its age is not known.
  return ageMs < 0 || ageMs >= COMPARE_EVERY_MS;
}

function mayRun(name: string): boolean {
  const owner = ownerOf(name);
  return owner !== undefined && ownerMayRun(owner, processRuns);
}
