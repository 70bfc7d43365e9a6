import { matchPrefixPatterns } from '../gomod/path-patterns.ts';
import { remotePath } from '../gomod/remote-path.ts';
import { parseVersionList } from '../gomod/version-list.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import type { Random } from '../kit/random.ts';
import type { Mirror } from './mirror.ts';
import { isForAll } from './pool.ts';
import { readSmall } from './read-small.ts';
import type { MirrorsSettings } from './settings.ts';
import { afterList, lagOf, NO_LAGS, type SyncLags } from './sync-lag.ts';
import { readSyncTime } from './sync-time.ts';

/**
 * How far the mirrors lag behind each other: by one list of a busy module that each is asked for every few minutes
 * (the canary: pins hide lag from traffic), by what a mirror says of itself, and by lists that went backwards.
 */
export type SyncWatch = {
  start(): void;
  /** By how much a mirror lags behind, milliseconds; undefined where nobody knows. */
  lagMs(mirror: Mirror): number | undefined;
  /** A mirror gave a list without versions that had been known for `forMs`. */
  tell(mirror: Mirror, forMs: number): void;
  stop(): void;
};

/** A list is no larger than this, and there in this time; else it says nothing. */
const LIST_LIMITS = { maxBytes: 1024 * 1024, limitMs: 10_000 } as const;
const MAX_LINES = 20_000;
/** What a list that went backwards said of its mirror is believed for so long. */
const TOLD_MS = 600_000;

/** `mirrors` are all; only those that serve everything public are asked. Nothing is asked before `start`. */
export function createSyncWatch(
  mirrors: readonly Mirror[],
  { settings, clock, random }: { settings: MirrorsSettings; clock: Clock; random: Random },
): SyncWatch {
  const { canary, intervalMs } = settings.sync;
  const stopped = new AbortController();
  const syncedWallMs = new Map<Mirror, number>();
  const told = new Map<Mirror, { readonly sinceMs: number; readonly atMs: number }>();
  let lags: SyncLags = NO_LAGS;
  let timer: Timer | undefined;

  const look = async (mirror: Mirror): Promise<void> => {
    const { signal } = stopped;
    const path = remotePath({ kind: 'list', module: canary });
    const text = await readSmall(mirror.upstream, path, LIST_LIMITS, signal);
    if (text !== undefined) lags = afterList(lags, mirror.name, versionsOf(text), clock.now());
    const syncedMs = await readSyncTime(mirror.upstream, LIST_LIMITS.limitMs, clock, signal);
    if (syncedMs === undefined) syncedWallMs.delete(mirror);
    else syncedWallMs.set(mirror, syncedMs);
  };
  const next = (least: number): void => {
    // Not at once: a program that runs for a minute needs none of this.
    const delayMs = intervalMs * (least + 0.2 * random());
    timer = clock.after(delayMs, () => void round(), { background: true });
  };
  const round = async (): Promise<void> => {
    next(0.9);
    const asked = mirrors.filter((mirror) => mirror.excluded === undefined && isForAll(mirror));
    if (asked.length > 1) await Promise.all(asked.map(look));
  };
  return {
    start() {
      if (intervalMs > 0 && !matchPrefixPatterns(settings.privatePatterns, canary)) next(0.3);
    },
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
    stop() {
      timer?.cancel();
      stopped.abort(new Error('stopped'));
    },
  };
}

/** None where there are too many. */
function versionsOf(text: string): ReturnType<typeof parseVersionList> {
  try {
    return parseVersionList(text, { maxLines: MAX_LINES });
  } catch {
    return [];
  }
}
