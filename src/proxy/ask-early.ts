import { LRUCache } from 'lru-cache';
import { readRequirements } from '../gomod/go-mod.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { compareVersions } from '../gomod/semver.ts';
import { atMost } from '../kit/at-most.ts';
import type { Clock } from '../kit/clock.ts';

/** A file that is asked early: a zip never is. */
export type SmallFile = VersionFile & { readonly kind: 'info' | 'mod' };

/** The bounds of asking early. Each is a configuration key. */
export type EarlySettings = {
  /** So many of them at a time, beside some that take long; 0: none is asked early. */
  readonly atOnce: number;
  /** So many a minute; what is not asked early is asked when a client wants it. */
  readonly perMinute: number;
};

/** Asks the mirrors for the small files that the go command is about to ask for. */
export type EarlyAsking = {
  /** A client has got a go.mod out of the copy. On the way of nearly every request: it does next to nothing. */
  seen(file: VersionFile): void;
  /** A client waits for a small file that the copy does not have. */
  missed(file: VersionFile): void;
};

/** How long a client's go.mod says something about which `.info` it wants: a go command is done by then. */
const RECENT_MS = 120_000;
/** Bounds of what is remembered and of what waits. */
const MAX_RECENT = 5000;
const MAX_ASKED = 20_000;
const MAX_WAITING = 5000;
/** Only so much of a go.mod is read, its beginning: what it requires below that is asked when a client wants it. */
const MAX_READ_BYTES = 1024 * 1024;
/** A file that takes longer gives its place to the next, and goes on without one: what hangs must not stop the rest. */
const PLACE_MS = 5000;
/** So many go on without a place; beyond that the places themselves wait. */
const MAX_LATE = 48;

type RequiredVersion = Pick<VersionFile, 'module' | 'version'>;
type Job = { readonly file: SmallFile; readonly unpruned: boolean };

/**
 * Chains of requests that are as long as the mirrors are far away are cut short here: the go command reads the module
 * graph with only as many requests at a time as it has processors (modload.readModGraph).
 *
 * - Of the go.mod files that a module older than go 1.17 leads to it reads all, level by level: when such a go.mod is
 *   missed, what it requires is asked at once, and so on.
 * - From one of go 1.17 or later it does not read on. But that names all that it needs, as the client's own go.mod does,
 *   which nobody shows to a proxy: what two of them require, and no other in a higher version, is most likely what the
 *   client is about to ask.
 * - After that `go mod download` asks for the `.info` of each selected version, one at a time (modcmd.downloadModules):
 *   at the first that is missed, all of them are asked, a version being selected if it is the highest that was lately
 *   asked of its module.
 *
 * `fetch` resolves with the content of a file wherever it comes from, and may reject: what fails here is asked again
 * when a client wants it, which then hears why.
 */
export function createEarlyAsking(
  settings: () => EarlySettings,
  fetch: (file: SmallFile) => Promise<Buffer>,
  clock: Clock,
): EarlyAsking {
  const recent = createRecentVersions(clock);
  const likely = createLikelyVersions(clock);
  const asked = new LRUCache<string, number>(atMost(MAX_ASKED));

  const ask = (file: SmallFile, unpruned: boolean): void => {
    const key = `${file.kind} ${file.module}@${file.version}${unpruned ? ' all' : ''}`;
    const askedMs = asked.get(key);
    if (askedMs !== undefined && clock.now() - askedMs < RECENT_MS) return;
    if (queue.add({ file, unpruned })) asked.set(key, clock.now());
  };
  const work = async ({ file, unpruned }: Job): Promise<void> => {
    const bytes = await fetch(file).catch(() => undefined);
    if (bytes === undefined || file.kind !== 'mod') return;
    const { pruned, requires } = readRequirements(beginningOf(bytes));
    const leads = !pruned || unpruned;
    for (const required of requires)
      if (leads || likely.isSecond(required)) ask({ kind: 'mod', ...required }, leads);
  };
  const queue = createQueue(settings, work, clock);

  return {
    seen(file) {
      if (file.kind === 'mod' && settings().atOnce > 0) recent.add(file);
    },
    missed(file) {
      if (settings().atOnce === 0 || file.kind === 'zip') return;
      if (file.kind === 'info') {
        for (const version of recent.take()) ask({ kind: 'info', ...version }, false);
        return;
      }
      recent.add(file);
      ask({ ...file, kind: 'mod' }, false);
    },
  };
}

/** Whole lines: one that is cut may name another version. */
function beginningOf(bytes: Buffer): string {
  if (bytes.length <= MAX_READ_BYTES) return bytes.toString('utf8');
  return bytes.toString('utf8', 0, bytes.lastIndexOf('\n', MAX_READ_BYTES - 1) + 1);
}

/** The highest version of each module whose go.mod was lately asked for. */
function createRecentVersions(clock: Clock): {
  add(file: VersionFile): void;
  take(): RequiredVersion[];
} {
  const recent = new LRUCache<string, { version: string; atMs: number }>(atMost(MAX_RECENT));
  const isRecent = ({ atMs }: { atMs: number }): boolean => clock.now() - atMs < RECENT_MS;
  return {
    add({ module, version }) {
      const before = recent.get(module);
      if (before !== undefined && isRecent(before) && compareVersions(before.version, version) >= 0) return;
      recent.set(module, { version, atMs: clock.now() });
    },
    take() {
      const versions: RequiredVersion[] = [];
      // The oldest first, as the go command asks.
      recent.rforEach((entry, module) => {
        if (isRecent(entry)) versions.push({ module, version: entry.version });
      });
      recent.clear();
      return versions;
    },
  };
}

/** The highest version of each module that go.mod files with graph pruning have lately required, and how many of them. */
function createLikelyVersions(clock: Clock): { isSecond(required: RequiredVersion): boolean } {
  const highest = new LRUCache<string, { version: string; count: number; atMs: number }>(atMost(MAX_RECENT));
  return {
    isSecond({ module, version }) {
      const known = highest.get(module);
      const isKnown = known !== undefined && clock.now() - known.atMs < RECENT_MS;
      const order = isKnown ? compareVersions(version, known.version) : 1;
      if (order < 0) return false;
      const count = isKnown && order === 0 ? known.count + 1 : 1;
      highest.set(module, { version, count, atMs: clock.now() });
      return count === 2;
    },
  };
}

/** Does jobs within the bounds; `add` says whether it takes one more. */
function createQueue(
  settings: () => EarlySettings,
  work: (job: Job) => Promise<void>,
  clock: Clock,
): { add(job: Job): boolean } {
  const waiting: Job[] = [];
  let running = 0;
  /** Those of them that have run for so long that they hold no place. */
  let late = 0;
  let left = settings().perMinute;
  let filledMs = clock.now();
  const mayAsk = (): boolean => {
    const nowMs = clock.now();
    const { perMinute } = settings();
    left = Math.min(perMinute, left + (perMinute * (nowMs - filledMs)) / 60_000);
    filledMs = nowMs;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
  const next = (): void => {
    while (running - Math.min(late, MAX_LATE) < settings().atOnce) {
      const job = waiting.shift();
      if (job === undefined) return;
      running += 1;
      void run(job);
    }
  };
  const run = async (job: Job): Promise<void> => {
    let isLate = false;
    const becomeLate = (): void => {
      isLate = true;
      late += 1;
      next();
    };
    const timer = clock.after(PLACE_MS, becomeLate, { background: true });
    await work(job).finally(() => timer.cancel());
    running -= 1;
    if (isLate) late -= 1;
    next();
  };
  return {
    add(job) {
      if (waiting.length >= MAX_WAITING || !mayAsk()) return false;
      waiting.push(job);
      next();
      return true;
    },
  };
}
