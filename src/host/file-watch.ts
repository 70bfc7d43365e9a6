import { statSync, type BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import { watchFolders, type WatchFolder } from './folder-watch.ts';

/** What is watched, and who hears of it. */
export type FileWatchOptions = {
  /** The files at this moment, absolute; whether they are there or not. */
  readonly paths: () => readonly string[];
  readonly clock: Clock;
  /** One of them is another one, has come or has gone, and all of them are at rest. */
  readonly onChange: () => void;
  /** Default: the system's. */
  readonly watchFolder?: WatchFolder;
};

/** Files that are watched. */
export type FileWatch = {
  /** Looks now: other files, or folders that were not there before, are watched from then on. */
  look(): void;
  close(): void;
};

/** Events come in swarms. */
const GATHER_MS = 20;
/** A file that is written in place is empty for a moment, and one that is not there says something else altogether. */
const REST_MS = 200;

/**
 * Tells of files that change, that is, of what was there when this was called and is not any more. Editors replace files
 * by renaming, so folders are watched, and all files are looked at every 30 s. A link counts as what it leads to. Told
 * once nothing has changed for 200 ms.
 */
export function watchFiles({ paths, onChange, ...options }: FileWatchOptions): FileWatch {
  const { clock } = options;
  const told = new Map(paths().map((path) => [path, stampOf(path)]));
  let seen: Stamps = new Map(told);
  let changedMs = -Infinity;
  let closed = false;
  const look = async (): Promise<void> => {
    const now = await stampsOf(paths());
    if (closed) return;
    if (!isSame(seen, now)) changedMs = clock.now();
    seen = now;
    // That it is watched from now on is no change of a file.
    for (const [path, stamp] of now) if (!told.has(path)) told.set(path, stamp);
    if (isSame(told, now)) return;
    if (clock.now() - changedMs < REST_MS) return watch.lookAfter(REST_MS);
    for (const [path, stamp] of now) told.set(path, stamp);
    onChange();
  };
  const watch = watchFolders({
    ...options,
    folders: () => paths().map(dirname),
    concerns: (name) => isMounted(name) || paths().some((path) => basename(path) === name),
    gatherMs: GATHER_MS,
    look,
    // What cannot be looked at is as good as absent.
    onError: () => undefined,
  });
  return {
    look: () => watch.lookAfter(0),
    close() {
      closed = true;
      watch.close();
    },
  };
}

/** Kubernetes has the files of a mounted folder lead through the link `..data`, which it replaces. */
function isMounted(name: string): boolean {
  return name.startsWith('..');
}

type Stamps = ReadonlyMap<string, string>;

/** As far as both know of a file. */
function isSame(before: Stamps, after: Stamps): boolean {
  return [...after].every(([path, stamp]) => (before.get(path) ?? stamp) === stamp);
}

async function stampsOf(paths: readonly string[]): Promise<Map<string, string>> {
  const stamps = await Promise.all(
    paths.map(async (path) => {
      const stats = await stat(path, { bigint: true }).catch(() => undefined);
      return [path, textOf(stats)] as const;
    }),
  );
  return new Map(stamps);
}

/** Before anybody can have read it. */
function stampOf(path: string): string {
  try {
    return textOf(statSync(path, { bigint: true, throwIfNoEntry: false }));
  } catch {
    return textOf(undefined);
  }
}

/** Different for another file under the same name, and for one whose content or owner is another. */
function textOf(stats: BigIntStats | undefined): string {
  if (stats === undefined) return 'absent';
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ');
}
