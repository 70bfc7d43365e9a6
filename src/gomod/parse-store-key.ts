import { unescapePath, unescapeVersion } from './escape.ts';
import { isCanonicalVersion, matchPathMajor, splitPathVersion } from './module-path.ts';
import type { SumdbFile, VersionFile } from './module-file.ts';
import { RondoError } from '../errors/rondo-error.ts';

/** Folder of a module, version and kind in a key. */
const VERSION_KEY = /^(.+)\/@v\/([^/]+)\.(info|mod|zip|ziphash)$/;

/** What of a module version a file of a download cache holds: `ziphash` is the h1 of the zip beside it. */
export type VersionKey = Pick<VersionFile, 'module' | 'version'> & {
  readonly kind: VersionFile['kind'] | 'ziphash';
};

/**
 * The module version to which a file of a download cache belongs; undefined for everything else that may lie
 * there: lists, locks, the checksum database, and names that neither Go nor Rondo would write, whose key
 * made again would be another one. The names in a folder are anybody's: hostile.
 */
export function parseVersionKey(key: string): VersionKey | undefined {
  const match = VERSION_KEY.exec(key);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  try {
    const module = unescapePath(match[1]);
    const version = unescapeVersion(match[2]);
    const belongs =
      isCanonicalVersion(version) && matchPathMajor(version, splitPathVersion(module).pathMajor);
    return belongs ? { module, version, kind: match[3] as VersionKey['kind'] } : undefined;
  } catch (error) {
    if (error instanceof RondoError && error.code === 'E_BAD_NAME') return undefined;
    throw error;
  }
}

/**
 * The version whose record of the database `db` a file of a download cache holds; undefined for everything else.
 * Hostile like parseVersionKey's.
 */
export function parseLookupKey(
  key: string,
  db: string,
): Extract<SumdbFile, { kind: 'sumdb-lookup' }> | undefined {
  const prefix = `sumdb/${db}/lookup/`;
  const at = key.lastIndexOf('@');
  if (!key.startsWith(prefix) || at < 0) return undefined;
  try {
    const module = unescapePath(key.slice(prefix.length, at));
    const version = unescapeVersion(key.slice(at + 1));
    return isCanonicalVersion(version) ? { kind: 'sumdb-lookup', db, module, version } : undefined;
  } catch (error) {
    if (error instanceof RondoError && error.code === 'E_BAD_NAME') return undefined;
    throw error;
  }
}
