import { createHash } from 'node:crypto';
import { escapePath, escapeVersion } from './escape.ts';
import type { RemoteFile, SumdbFile, VersionFile } from './module-file.ts';

/** A file that never changes and is kept under a key of its own. */
export type KeptFile = VersionFile | Extract<SumdbFile, { kind: 'sumdb-lookup' | 'sumdb-tile' }>;

/**
 * The key of an immutable file: its path below GOMODCACHE's `cache/download`, with forward slashes, as Go
 * lays it out (modfetch.CachePath; sumdb.Client.Lookup and tileCacheKey with dbClient.ReadCache). All in
 * lower case but for a database's name, which is the configuration's.
 * Throws RondoError E_BAD_NAME for names that did not come from parseRoute.
 */
export function storeKey(file: KeptFile): string {
  let key = KNOWN_KEYS.get(file);
  if (key === undefined) {
    key = makeKey(file);
    KNOWN_KEYS.set(file, key);
  }
  return key;
}

/** A file that is asked for again and again is the same object each time (http's routes): its key is made once. */
const KNOWN_KEYS = new WeakMap<KeptFile, string>();

function makeKey(file: KeptFile): string {
  switch (file.kind) {
    case 'info':
    case 'mod':
    case 'zip':
      return `${escapePath(file.module)}/@v/${escapeVersion(file.version)}.${file.kind}`;
    case 'sumdb-lookup':
      return `sumdb/${file.db}/lookup/${escapePath(file.module)}@${escapeVersion(file.version)}`;
    case 'sumdb-tile':
      return `sumdb/${file.db}/${file.path}`;
  }
}

/**
 * The name of the record that keeps the last answer to a question: mutable answers, and the remembered
 * 404s of all files. Distinct questions have distinct names, also on a disk that ignores case. No name is a
 * store key (those begin with a domain name or `sumdb`) and none is a folder on the way to another (the
 * first element below the module path has an `@`, which no module path has). A query is hashed: it may be
 * long and hold anything.
 * Throws RondoError E_BAD_NAME for names that did not come from parseRoute.
 */
export function recordName(file: RemoteFile): string {
  switch (file.kind) {
    case 'list':
    case 'latest':
      return `answers/${escapePath(file.module)}/@${file.kind}`;
    case 'query': {
      const digest = createHash('sha256').update(file.query).digest('hex');
      return `answers/${escapePath(file.module)}/@query-${digest}`;
    }
    case 'sumdb-supported':
      return `answers/sumdb/${file.db}/@supported`;
    case 'sumdb-latest':
      return `answers/sumdb/${file.db}/@latest`;
    default:
      return `answers/${storeKey(file)}`;
  }
}

/**
 * The name of a record that the client of checksum database `db` keeps: `latest`, the newest signed tree it
 * knows, `fork`, the evidence that it has contradicted itself. As apart from all others as recordName's.
 */
export function databaseRecordName(db: string, what: string): string {
  return `databases/${db}/@${what}`;
}
