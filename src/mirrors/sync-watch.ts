import { matchPrefixPatterns } from '../gomod/path-patterns.ts';
import { remotePath } from '../gomod/remote-path.ts';
import { parseVersionList } from '../gomod/version-list.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import type { Random } from '../kit/random.ts';
import type { FleetNow } from './fleet.ts';
import type { Mirror } from './mirror.ts';
import { isForAll } from './route.ts';
import { readSmall } from './read-small.ts';
import type { MirrorsSettings } from './settings.ts';
import { afterCertainty, afterList, doubtsOf, lagOf, lagsOf, NO_LAGS, type SyncLags } from './sync-lag.ts';
import { readSyncTime } from './sync-time.ts';

/**
 * How far the mirrors lag behind each other: by one list of a busy module that each is asked for every few minutes
 * (the canary: pins hide lag from traffic), by what a mirror says of itself, and by lists that went backwards. What one
 * mirror alone lists of the canary is looked up before it makes others lag.
 */
export type SyncWatch = {
  start(): void;
  /** By how much a mirror lags behind, milliseconds; undefined where nobody knows. */
  lagMs(mirror: Mirror): number | undefined;
  /** A mirror gave a list without versions that had been known for `forMs`. */
  tell(mirror: Mirror, forMs: number): void;
  /** The fleet is another one; mirrors of these names are the same as before. */
  replaced(names: ReadonlySet<string>): void;
  stop(): void;
};

/** What the watch needs of its surroundings. */
export type SyncWatchContext = {
  readonly clock: Clock;
  readonly random: Random;
  /** Whether it is certain that a version exists; false also where nobody can say. Never rejects. */
  readonly exists: (module: string, version: string) => Promise<boolean>;
};

/** A list is no larger than this, and there in this time; else it says nothing. */
const LIST_LIMITS = { maxBytes: 1024 * 1024, limitMs: 10_000 } as const;
const MAX_LINES = 20_000;
/** What a list that went backwards said of its mirror is believed for so long. */
const TOLD_MS = 600_000;

/** Only those of the fleet that serve everything public are asked, and are not drained. Nothing is asked before `start`. */
export function createSyncWatch(fleet: FleetNow, { clock, random, exists }: SyncWatchContext): SyncWatch {
  const stopped = new AbortController();
  const memory = createLagMemory(clock);
  let timer: Timer | undefined;
  let started = false;
  let plan = planOf(fleet().settings);

  const look = async (mirror: Mirror, canary: string): Promise<void> => {
    const { signal } = stopped;
    const path = remotePath({ kind: 'list', module: canary });
    const text = await readSmall(mirror.upstream, path, LIST_LIMITS, signal);
    const counts = (): boolean => canary === plan.canary && fleet().mirrors.includes(mirror);
    if (text !== undefined && counts()) {
      memory.list(mirror, versionsOf(text));
      const known = await firstCertain(memory.doubts(mirror), (version) => exists(canary, version));
      if (known !== undefined && counts()) memory.certain(known);
    }
    memory.synced(mirror, await readSyncTime(mirror.upstream, LIST_LIMITS.limitMs, clock, signal));
  };
  const next = (least: number): void => {
    const { canary, intervalMs } = plan;
    if (canary === undefined || stopped.signal.aborted) return;
    // Not at once: a program that runs for a minute needs none of this.
    const delayMs = intervalMs * (least + 0.2 * random());
    timer = clock.after(delayMs, () => void round(canary), { background: true });
  };
  const round = async (canary: string): Promise<void> => {
    next(0.9);
    const asked = fleet().mirrors.filter(
      (mirror) =>
        mirror.excluded === undefined &&
        mirror.orders.drainedUntilMs === undefined &&
        isForAll(mirror.spec.match),
    );
    if (asked.length > 1) await Promise.all(asked.map((mirror) => look(mirror, canary)));
  };
  return {
    start() {
      started = true;
      next(0.3);
    },
    lagMs: (mirror) => memory.lagMs(mirror),
    tell: (mirror, forMs) => memory.tell(mirror, forMs),
    replaced(names) {
      const before = plan;
      plan = planOf(fleet().settings);
      memory.keep(plan.canary === before.canary ? names : new Set());
      const isSame = plan.canary === before.canary && plan.intervalMs === before.intervalMs;
      if (!started || isSame) return;
      timer?.cancel();
      next(0.3);
    },
    stop() {
      timer?.cancel();
      stopped.abort(new Error('stopped'));
    },
  };
}

/** What every mirror is asked for and how often; no canary: nothing is asked. */
function planOf({ sync, privatePatterns }: MirrorsSettings): {
  readonly canary: string | undefined;
  readonly intervalMs: number;
} {
  const mayBeAsked = sync.intervalMs > 0 && !matchPrefixPatterns(privatePatterns, sync.canary);
  return { canary: mayBeAsked ? sync.canary : undefined, intervalMs: sync.intervalMs };
}

/** What is known of each mirror's lag. What is kept by the mirror itself goes with it. */
type LagMemory = Pick<SyncWatch, 'lagMs' | 'tell'> & {
  list(mirror: Mirror, versions: ReturnType<typeof parseVersionList>): void;
  /** Versions that count as soon as it is certain that they exist. */
  doubts(mirror: Mirror): readonly string[];
  certain(version: string): void;
  /** When it last synchronised, in Unix milliseconds, by itself. */
  synced(mirror: Mirror, wallMs: number | undefined): void;
  /** Forgets the lists of mirrors of other names. */
  keep(names: ReadonlySet<string>): void;
};

function createLagMemory(clock: Clock): LagMemory {
  const syncedWallMs = new WeakMap<Mirror, number>();
  const told = new WeakMap<Mirror, { readonly sinceMs: number; readonly atMs: number }>();
  let lags: SyncLags = NO_LAGS;
  return {
    list: (mirror, versions) => void (lags = afterList(lags, mirror.name, versions, clock.now())),
    doubts: (mirror) => doubtsOf(lags, mirror.name),
    certain: (version) => void (lags = afterCertainty(lags, version, clock.now())),
    synced(mirror, wallMs) {
      if (wallMs === undefined) syncedWallMs.delete(mirror);
      else syncedWallMs.set(mirror, wallMs);
    },
    keep: (names) => void (lags = lagsOf(lags, names, clock.now())),
    lagMs(mirror) {
      const nowMs = clock.now();
      const synced = syncedWallMs.get(mirror);
      const heard = told.get(mirror);
      const known = [
        lagOf(lags, mirror.name, nowMs) ?? [],
        synced === undefined ? [] : Math.max(0, clock.wallMs() - synced),
        heard === undefined || nowMs - heard.atMs > TOLD_MS ? [] : nowMs - heard.sinceMs,
      ].flat();
      return known.length === 0 ? undefined : Math.max(...known);
    },
    tell(mirror, forMs) {
      const nowMs = clock.now();
      told.set(mirror, { sinceMs: nowMs - forMs, atMs: nowMs });
    },
  };
}

async function firstCertain(
  versions: readonly string[],
  exists: (version: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const version of versions) if (await exists(version)) return version;
  return undefined;
}

/** None where there are too many. */
function versionsOf(text: string): ReturnType<typeof parseVersionList> {
  try {
    return parseVersionList(text, { maxLines: MAX_LINES });
  } catch {
    return [];
  }
}
