import { RondoError } from '../errors/rondo-error.ts';
import { unescapePath, unescapeQuery, unescapeVersion } from './escape.ts';
import type { ModuleFile, SumdbFile } from './module-file.ts';
import { isCanonicalVersion, matchPathMajor, splitPathVersion } from './module-path.ts';
import { percentDecode } from './percent-encoding.ts';
import { parseTilePath } from './tile-path.ts';
import { say } from '../words/text.ts';

/** What a request path asks for. `why` is one line, safe to show to the client. */
export type Route =
  | { readonly kind: 'file'; readonly file: ModuleFile }
  | { readonly kind: 'sumdb'; readonly file: SumdbFile }
  | { readonly kind: 'bad'; readonly why: string };

/** Longest request path, in characters as received. Holds a path of the two limits below, all of it percent-encoded. */
export const MAX_RAW_PATH_LENGTH = 4096;
/** Longest module path, in characters of its escaped form. */
export const MAX_MODULE_PATH_LENGTH = 1024;
/**
 * Longest element between two slashes, in characters of the escaped form. Elements become file names of
 * the copy, which disks limit to 255 bytes; the rest is for the prefix and suffix of temporary files.
 */
export const MAX_ELEMENT_LENGTH = 240;

/**
 * Parses the path of a request target, still percent-encoded and without its query, below Rondo's base
 * path. From the client: hostile. Never throws: what names nothing is `bad`, for a 404.
 *
 * Names come out unescaped and checked, so that no part of them is empty, `.` or `..`, or holds anything
 * but printable ASCII. Percent-encoding is undone exactly once (`%21` counts as `!`); a name that is
 * still encoded after that is bad. `databases` are the names of the checksum databases that can be served;
 * they may contain slashes, and the longest that fits counts.
 *
 * Source: spec protocol.md "Endpoints" and "Names"; modfetch.proxyRepo, modfetch.dbClient.
 */
export function parseRoute(rawPath: string, databases: readonly string[]): Route {
  if (rawPath.length > MAX_RAW_PATH_LENGTH) return bad('the path is too long');
  const path = percentDecode(rawPath);
  if (path === undefined) return bad('the path has a broken escape or an invalid character');
  if (!path.startsWith('/')) return bad('the path does not begin with a slash');
  if (/%[0-9A-Fa-f]{2}/.test(path)) return bad('the path is percent-encoded twice');
  const elements = path.slice(1).split('/');
  if (elements.some((element) => element === '' || element === '.' || element === '..')) {
    return bad('the path has an empty or dot element');
  }
  if (elements.some((element) => element.length > MAX_ELEMENT_LENGTH))
    return bad('a path element is too long');
  try {
    return elements[0] === 'sumdb'
      ? sumdbRoute(path.slice('/sumdb/'.length), databases)
      : moduleRoute(path.slice(1));
  } catch (thrown) {
    if (thrown instanceof RondoError && thrown.code === 'E_BAD_NAME') return bad(thrown.message);
    throw thrown;
  }
}

function bad(why: string): Route {
  return { kind: 'bad', why };
}

function moduleRoute(path: string): Route {
  // An @ is in no module path, so the first one ends it.
  const end = path.indexOf('/@');
  if (end < 0) return bad('the path has neither /@v/ nor /@latest');
  const module = unescapeModule(path.slice(0, end));
  const rest = path.slice(end + 1);
  if (rest === '@latest') return { kind: 'file', file: { kind: 'latest', module } };
  if (rest === '@v/list') return { kind: 'file', file: { kind: 'list', module } };
  const match = /^@v\/(.+)\.(info|mod|zip)$/.exec(rest);
  if (match === null)
    return bad('the path ends neither in /@latest nor in list, .info, .mod or .zip below /@v/');
  const [, name = '', extension] = match;
  if (extension === 'info') return { kind: 'file', file: infoFile(module, name) };
  const version = unescapeVersion(name);
  if (!isCanonicalVersion(version)) return bad(`not a canonical version, so it has no .${extension}`);
  return { kind: 'file', file: { kind: extension === 'mod' ? 'mod' : 'zip', module, version } };
}

/** For a version that does not belong to the path a proxy may name another one (modfetch.proxyRepo.Stat): a query. */
function infoFile(module: string, escaped: string): ModuleFile {
  const query = unescapeQuery(escaped);
  const canonical = isCanonicalVersion(query) && matchPathMajor(query, splitPathVersion(module).pathMajor);
  return canonical ? { kind: 'info', module, version: query } : { kind: 'query', module, query };
}

function sumdbRoute(path: string, databases: readonly string[]): Route {
  let db = '';
  for (const name of databases) {
    if (name.length > db.length && path.startsWith(`${name}/`)) db = name;
  }
  if (db === '') return bad('no such checksum database here');
  const rest = path.slice(db.length + 1);
  if (rest === 'supported') return { kind: 'sumdb', file: { kind: 'sumdb-supported', db } };
  if (rest === 'latest') return { kind: 'sumdb', file: { kind: 'sumdb-latest', db } };
  if (rest.startsWith('lookup/')) return lookupRoute(db, rest.slice('lookup/'.length));
  const tile = parseTilePath(rest);
  if (tile === undefined) return bad('the checksum database has no such path');
  return { kind: 'sumdb', file: { kind: 'sumdb-tile', db, path: rest, data: tile.level === 'data' } };
}

function lookupRoute(db: string, name: string): Route {
  const at = name.indexOf('@');
  if (at < 0) return bad('a lookup is of <module>@<version>');
  const module = unescapeModule(name.slice(0, at));
  const version = unescapeVersion(name.slice(at + 1));
  if (!isCanonicalVersion(version)) return bad('a lookup is of a canonical version');
  return { kind: 'sumdb', file: { kind: 'sumdb-lookup', db, module, version } };
}

function unescapeModule(escaped: string): string {
  if (escaped.length > MAX_MODULE_PATH_LENGTH)
    throw new RondoError('E_BAD_NAME', say('the module path is too long'));
  return unescapePath(escaped);
}
