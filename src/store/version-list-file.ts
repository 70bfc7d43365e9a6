import { access, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { unescapeVersion } from '../gomod/escape.ts';
import { isCanonicalVersion } from '../gomod/module-path.ts';
import { compareVersions } from '../gomod/semver.ts';
import type { Clock } from '../kit/clock.ts';
import { createInTurn } from '../kit/in-turn.ts';
import { writeDurably } from './durable-write.ts';
import { keyPath } from './key-path.ts';
import { saysAbsent } from './store-error.ts';

/** A `.mod` or `.zip` of a module's folder; group 2 is the escaped version. */
const VERSION_FILE = /^(.+\/@v)\/(.+)\.(mod|zip)$/;

/** Enough for any number of writers that take turns; a bound all the same. */
const MAX_REWRITES = 50;

/**
 * Keeps `<module>/@v/list` true, so that the folder serves as `GOPROXY=file://…/cache/download`: the
 * canonical versions that have both `.mod` and `.zip`, in the order of semver (integrity.md, "The copy";
 * compare modfetch.rewriteVersionList, which lists a version without its zip as well). Rondo itself
 * never reads it.
 */
export type VersionLists = {
  /** Tells that a file appeared or went; other keys than `.mod` and `.zip` of a version are ignored. */
  changed(key: string): void;
  /**
   * Makes the list of the folder at `path` true, if it is one with versions: who wrote there may have died, or
   * was `go`. After the first one that cannot be written it leaves them all, since they would all fail.
   */
  mend(path: string): Promise<void>;
  /** Resolves when all lists are as the folders are. */
  settled(): Promise<void>;
};

/**
 * Lists below `root`, rewritten behind the writes that change them: a put never waits for its list.
 * `onError` hears of a list that could not be written.
 */
export function createVersionLists(
  root: string,
  clock: Clock,
  platform: NodeJS.Platform,
  onError: (error: unknown) => void,
): VersionLists {
  const turns = createInTurn();
  const waiting = new Set<string>();
  let mayMend = true;
  const rewrite = (path: string): Promise<void> =>
    turns.run(path, async () => {
      waiting.delete(path);
      await rewriteList(path, clock, platform);
    });
  return {
    changed(key) {
      const folderKey = VERSION_FILE.exec(key)?.[1];
      if (folderKey === undefined) return;
      const path = keyPath(root, folderKey, platform);
      // One rewrite that has not begun yet will see everything that happened until now.
      if (waiting.has(path)) return;
      waiting.add(path);
      rewrite(path).catch(onError);
    },
    async mend(path) {
      if (!mayMend || basename(path) !== '@v') return;
      await rewrite(path).catch((error: unknown) => {
        mayMend = false;
        onError(error);
      });
    },
    settled: () => turns.idle(),
  };
}

/** Whether the other file of the pair `.mod` + `.zip` is there, so that `key` makes a version complete. */
export async function completesPair(root: string, key: string, platform: NodeJS.Platform): Promise<boolean> {
  const match = VERSION_FILE.exec(key);
  if (match?.[1] === undefined || match[2] === undefined) return false;
  const other = match[3] === 'mod' ? 'zip' : 'mod';
  return access(keyPath(root, `${match[1]}/${match[2]}.${other}`, platform)).then(
    () => true,
    () => false,
  );
}

/**
 * Writes the list of one `@v` folder from what is in it. Safe with other processes that do the same,
 * without a lock: the folder is read again after each rename until the list is what the folder says, so
 * whoever renames last has looked after everybody's files had appeared, or another rename follows.
 */
async function rewriteList(folder: string, clock: Clock, platform: NodeJS.Platform): Promise<void> {
  const list = join(folder, 'list');
  for (let round = 0; round < MAX_REWRITES; round += 1) {
    const wanted = (await heldVersions(folder)).map((version) => `${version}\n`).join('');
    if ((await readIfThere(list)) === wanted) return;
    await writeDurably(list, { bytes: Buffer.from(wanted) }, { survives: 'crash', platform, clock });
  }
  throw new Error(`the versions in ${dirname(list)} change faster than they can be listed`);
}

async function heldVersions(folder: string): Promise<string[]> {
  const names = new Set(await readdir(folder).catch(emptyIfAbsent));
  const versions: string[] = [];
  for (const name of names) {
    const escaped = name.endsWith('.mod') ? name.slice(0, -'.mod'.length) : undefined;
    if (escaped === undefined || !names.has(`${escaped}.zip`)) continue;
    const version = versionOf(escaped);
    if (version !== undefined) versions.push(version);
  }
  return versions.sort(compareVersions);
}

/** The canonical version behind a file name, which anybody may have put there. */
function versionOf(escaped: string): string | undefined {
  try {
    const version = unescapeVersion(escaped);
    return isCanonicalVersion(version) ? version : undefined;
  } catch {
    return undefined;
  }
}

/** The text; `''` where the list is absent, since no list and an empty one mean the same. */
async function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (saysAbsent(error)) return '';
    throw error;
  });
}

function emptyIfAbsent(error: unknown): string[] {
  if (saysAbsent(error)) return [];
  throw error;
}
