/**
 * Names on the wire and on disk: an upper-case letter X is written `!x`, so that neither needs to tell
 * upper from lower case (golang.org/x/mod/module, "Escaped Paths").
 */
import { RondoError } from '../errors/rondo-error.ts';
import { checkPath } from './module-path.ts';
import { elementProblem } from './path-element.ts';
import { quoted } from './quoted.ts';
import { say } from '../words/text.ts';

/** The escaped form of a module path (module.EscapePath). Throws RondoError E_BAD_NAME if it is none. */
export function escapePath(path: string): string {
  checkPath(path);
  return escapeText(path);
}

/**
 * The module path behind an escaped one (module.UnescapePath).
 * Throws RondoError E_BAD_NAME for a wrong escape or a path that is no module path.
 */
export function unescapePath(escaped: string): string {
  const path = unescapeText(escaped, 'module path');
  checkPath(path);
  return path;
}

/** The escaped form of a version (module.EscapeVersion). Throws RondoError E_BAD_NAME if it is no file name. */
export function escapeVersion(version: string): string {
  checkFileName(version, 'version');
  return escapeText(version);
}

/**
 * The version behind an escaped one; it need not be a semantic version, but is a safe file name
 * (module.UnescapeVersion). Throws RondoError E_BAD_NAME.
 */
export function unescapeVersion(escaped: string): string {
  const version = unescapeText(escaped, 'version');
  checkFileName(version, 'version');
  return version;
}

/**
 * The escaped form of a query: a version, or several of them between slashes. The go command refuses a
 * branch with a slash before it asks a proxy (module.EscapeVersion), but other clients ask for
 * `feature/x.info` and some mirrors answer. Throws RondoError E_BAD_NAME.
 */
export function escapeQuery(query: string): string {
  for (const element of query.split('/')) checkFileName(element, 'query');
  return escapeText(query);
}

/** The query behind an escaped one, see escapeQuery. Throws RondoError E_BAD_NAME. */
export function unescapeQuery(escaped: string): string {
  const query = unescapeText(escaped, 'query');
  for (const element of query.split('/')) checkFileName(element, 'query');
  return query;
}

const MALFORMED = {
  version: 'malformed version {name}: {problem}',
  query: 'malformed query {name}: {problem}',
} as const;

const MALFORMED_ESCAPE = {
  'module path': 'malformed module path {name}: upper case is written as ! and the lower-case letter',
  version: 'malformed version {name}: upper case is written as ! and the lower-case letter',
  query: 'malformed query {name}: upper case is written as ! and the lower-case letter',
} as const;

function checkFileName(name: string, noun: keyof typeof MALFORMED): void {
  const problem = name.includes('!') ? say('exclamation mark') : elementProblem(name, 'file-name');
  if (problem !== undefined) {
    throw new RondoError('E_BAD_NAME', say(MALFORMED[noun], { name: quoted(name), problem }));
  }
}

function escapeText(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

function unescapeText(escaped: string, noun: keyof typeof MALFORMED_ESCAPE): string {
  if (/[^\0-\x7f]|[A-Z]|!(?![a-z])/.test(escaped)) {
    throw new RondoError('E_BAD_NAME', say(MALFORMED_ESCAPE[noun], { name: quoted(escaped) }));
  }
  return escaped.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
