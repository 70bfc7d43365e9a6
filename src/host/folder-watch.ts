import { watch } from 'node:fs';
import { messageOf } from '../errors/rondo-error.ts';
import type { Clock, Timer } from '../kit/clock.ts';

/** Calls `onEvent` whenever something happens to `name` in a folder, until it is closed. May throw, or miss events. */
export type WatchFolder = (folder: string, onEvent: (name: string | null) => void) => { close(): void };

/** What is looked at again and again. */
export type FolderWatchOptions = {
  /** The folders at this moment. */
  readonly folders: () => Iterable<string>;
  /** What it is that has changed; default: anything that happens in a folder is worth a look. */
  readonly concerns?: (name: string) => boolean;
  /** Looks, so long after the first event of a swarm. */
  readonly gatherMs: number;
  readonly look: () => Promise<void>;
  /** Told where a look fails. */
  readonly onError: (message: string) => void;
  readonly clock: Clock;
  /** Default: the system's. */
  readonly watchFolder?: WatchFolder;
};

/** Looks that go on. */
export type FolderWatch = {
  /** One more look after so long. */
  lookAfter(delayMs: number): void;
  close(): void;
};

/** Some file systems tell of no change, nor does a link whose target is overwritten, nor a folder that is not there yet. */
const POLL_MS = 30_000;

/** Looks whenever something happens in one of the folders, and every 30 s; never twice at the same time. */
export function watchFolders(options: FolderWatchOptions): FolderWatch {
  const { clock, gatherMs, concerns = () => true } = options;
  const timers = new Map<number, Timer>();
  let closed = false;
  let looking = false;

  /** For each delay one timer: events come in swarms. */
  const lookAfter = (delayMs: number): void => {
    if (closed || timers.has(delayMs)) return;
    const fire = (): void => {
      timers.delete(delayMs);
      if (delayMs === POLL_MS) lookAfter(POLL_MS);
      // Who is looking may have seen what was there before.
      if (looking) lookAfter(gatherMs);
      else void look();
    };
    timers.set(delayMs, clock.after(delayMs, fire, { background: true }));
  };
  const look = async (): Promise<void> => {
    looking = true;
    try {
      await options.look();
    } catch (error) {
      options.onError(messageOf(error));
    }
    looking = false;
    if (!closed) watchers.follow(options.folders());
  };
  const watchers = createWatchers(options.watchFolder ?? systemWatch, (name) => {
    if (name === null || concerns(name)) lookAfter(gatherMs);
  });

  watchers.follow(options.folders());
  lookAfter(POLL_MS);
  return {
    lookAfter,
    close() {
      closed = true;
      for (const timer of timers.values()) timer.cancel();
      watchers.follow([]);
    },
  };
}

type Watchers = {
  /** Watches these folders and no others. One that cannot be watched now is tried again the next time. */
  follow(folders: Iterable<string>): void;
};

function createWatchers(watchFolder: WatchFolder, onEvent: (name: string | null) => void): Watchers {
  const watched = new Map<string, { close(): void }>();
  return {
    follow(folders) {
      const wanted = new Set(folders);
      for (const [folder, watcher] of watched) {
        if (wanted.has(folder)) continue;
        watcher.close();
        watched.delete(folder);
      }
      for (const folder of wanted) {
        if (watched.has(folder)) continue;
        try {
          watched.set(folder, watchFolder(folder, onEvent));
        } catch {
          // Looking every now and then has to do.
        }
      }
    },
  };
}

/** Of the folder and not of a file: files are replaced by renaming, after which the old one is watched by nobody. */
function systemWatch(folder: string, onEvent: (name: string | null) => void): { close(): void } {
  const watcher = watch(folder, { persistent: false }, (_event, name) => onEvent(name));
  watcher.on('error', () => watcher.close());
  return watcher;
}
