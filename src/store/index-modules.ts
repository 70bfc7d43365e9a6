import { escapePath } from '../gomod/escape.ts';
import { parseVersionKey } from '../gomod/parse-store-key.ts';
import { compareVersions } from '../gomod/semver.ts';
import { type Clock, sleep } from '../kit/clock.ts';
import type { IndexAccess } from './index-access.ts';
import type { IndexDatabase } from './index-database.ts';
import { type IndexRow, moduleOfKey } from './index-row.ts';

/** Which modules of the copy are wanted. */
export type ModuleQuery = {
  /** A part of the module's path, in any case; empty: all. What follows an `@` is a part of one of its versions. */
  readonly search: string;
  readonly limit: number;
  /** Only modules behind this one, in the order of their keys; empty: from the beginning. */
  readonly after: string;
};

/** One module of the copy. */
export type KeptModule = {
  readonly module: string;
  readonly versions: number;
  readonly bytes: number;
  /** Unix seconds of the last request for any of it. */
  readonly lastRequestS: number;
};

/** Some of them; `next` is `after` of the next page, which may be empty, absent at the end. */
export type ModulePage = { readonly modules: readonly KeptModule[]; readonly next?: string };

/** One file of a version, as the index knows it. */
export type KeptFile = IndexRow & { readonly kind: 'info' | 'mod' | 'zip' };

/** One version of a module. */
export type KeptVersion = { readonly version: string; readonly files: readonly KeptFile[] };

/** So many steps through the index are one piece of work, some milliseconds, and so many of those a page. */
const STEPS_AT_ONCE = 500;
const MOST_PIECES = 40;
/** No module has so many files; who made one that has sees the first of them. */
const MOST_FILES = 20_000;

/**
 * A page of modules whose path has a text in it, and a version with another one if that is wanted. The index is not read row by row but from module to module, in small
 * pieces, between which others have their turn; a search that finds little ends after a bounded number of them, with
 * where to go on. Rejects with RondoError E_BAD_NAME where `after` is no module's path.
 */
export async function findModules(
  { search, limit, after }: ModuleQuery,
  use: IndexAccess['use'],
  clock: Clock,
): Promise<ModulePage> {
  const [path = '', version = ''] = search.toLowerCase().split('@');
  const wanted = { path, version };
  const modules: KeptModule[] = [];
  let place: Place | undefined = { key: after === '' ? '' : behind(escapePath(after)), module: after };
  for (let piece = 0; piece < MOST_PIECES; piece += 1) {
    const from: Place = place;
    place = await use((database) => walk(database, from, wanted, modules, limit));
    if (place === undefined) return { modules };
    if (modules.length >= limit) break;
    await sleep(clock, 0);
  }
  return place === undefined || place.module === '' ? { modules } : { modules, next: place.module };
}

/** Where a walk is: the key behind which it goes on, and the last module that it saw. */
type Place = { readonly key: string; readonly module: string };

/** In lower case; no path of a module has an `@`. */
type Wanted = { readonly path: string; readonly version: string };

/** What a look at the versions of one module costs, in steps. */
const STEPS_OF_VERSIONS = 10;

/** One piece of the walk; undefined at the end of the index. */
function walk(
  database: IndexDatabase,
  from: Place,
  wanted: Wanted,
  found: KeptModule[],
  limit: number,
): Place | undefined {
  let { key, module } = from;
  for (let step = 0; step < STEPS_AT_ONCE && found.length < limit; step += 1) {
    const next = database.page(key, 1)[0]?.key;
    if (next === undefined) return undefined;
    const seen = moduleOfKey(next);
    if (seen === undefined) {
      key = besideModules(next);
      continue;
    }
    module = seen;
    const escaped = escapePath(seen);
    if (seen.toLowerCase().includes(wanted.path)) {
      const files = filesOf(database, escaped);
      if (hasVersion(files, wanted.version)) found.push(sumOf(seen, files));
      else step += STEPS_OF_VERSIONS;
    }
    key = behind(escaped);
  }
  return { key, module };
}

/** All keys of a module's versions are below this one: `0` comes after `/`. */
function behind(escaped: string): string {
  return `${escaped}/@v0`;
}

/** Behind the answers of mirrors and the databases, which are no modules, all at once. */
function besideModules(key: string): string {
  const folder = ['answers/', 'sumdb/'].find((each) => key.startsWith(each));
  return folder === undefined ? key : `${folder.slice(0, -1)}0`;
}

function filesOf(database: IndexDatabase, escaped: string): KeptFile[] {
  return database.list({ prefix: `${escaped}/@v/`, limit: MOST_FILES }).flatMap((row) => {
    const kind = parseVersionKey(row.key)?.kind;
    return kind === undefined || kind === 'ziphash' ? [] : [{ ...row, kind }];
  });
}

function hasVersion(files: readonly KeptFile[], wanted: string): boolean {
  return (
    wanted === '' ||
    files.some(({ key }) => parseVersionKey(key)?.version.toLowerCase().includes(wanted) === true)
  );
}

function sumOf(module: string, files: readonly KeptFile[]): KeptModule {
  return {
    module,
    versions: new Set(files.map(({ key }) => parseVersionKey(key)?.version)).size,
    bytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    lastRequestS: files.reduce((last, { lastRequestS }) => Math.max(last, lastRequestS), 0),
  };
}

/** The versions of a module, the highest first. Rejects with RondoError E_BAD_NAME for what is no module's path. */
export async function findVersions(module: string, use: IndexAccess['use']): Promise<KeptVersion[]> {
  const escaped = escapePath(module);
  const files = (await use((database) => filesOf(database, escaped))) ?? [];
  const versions = Map.groupBy(files, ({ key }) => parseVersionKey(key)?.version ?? '');
  return [...versions]
    .map(([version, own]) => ({ version, files: own }))
    .toSorted((a, b) => compareVersions(b.version, a.version));
}
