import { RondoError } from '../errors/rondo-error.ts';
import { elementProblem } from './path-element.ts';
import { quoted } from './quoted.ts';
import { build, canonical, isValid, major, parseVersion, type Version } from './semver.ts';
import { listed, say, type Text } from '../words/text.ts';

/** A module path taken apart: `prefix + pathMajor` is the path. `ok` is false where the major version is malformed. */
export type SplitPath = { readonly prefix: string; readonly pathMajor: string; readonly ok: boolean };

/**
 * Promises that `path` is a module path: elements of plain ASCII, the first one a lower-case domain name
 * with a dot, a well-formed major version. One element (`rsc.io`, `github.com`) is a valid path: the go
 * command asks for the parents of every import (module.CheckPath).
 * Throws RondoError E_BAD_NAME.
 */
export function checkPath(path: string): void {
  const problem = pathProblem(path);
  if (problem !== undefined) {
    throw new RondoError(
      'E_BAD_NAME',
      say('malformed module path {path}: {problem}', { path: quoted(path), problem }),
    );
  }
}

/** Whether `path` is a module path (module.CheckPath). */
export function isValidPath(path: string): boolean {
  return pathProblem(path) === undefined;
}

function pathProblem(path: string): Text | undefined {
  if (path === '') return say('empty string');
  if (path.startsWith('-')) return say('leading dash');
  if (path.startsWith('/')) return say('leading slash');
  if (path.endsWith('/')) return say('trailing slash');
  const elements = path.split('/');
  for (const element of elements) {
    const problem = elementProblem(element, 'module-path');
    if (problem !== undefined) return problem;
  }
  const [domain = ''] = elements;
  if (!domain.includes('.')) return say('missing dot in first path element');
  if (/[^0-9a-z.-]/.test(domain)) return say('invalid character in first path element');
  if (!splitPathVersion(path).ok) return say('invalid version');
  return undefined;
}

/**
 * Takes the major version off a path: `/vN` with N >= 2, or `.vN` (perhaps `-unstable`), which every
 * gopkg.in path must have (module.SplitPathVersion). Does not check the rest of the path.
 */
export function splitPathVersion(path: string): SplitPath {
  const whole = { prefix: path, pathMajor: '' };
  if (path.startsWith('gopkg.in/')) {
    // `.v-unstable` passes and `.v0-unstable` does not: so says Go (module.splitGopkgIn).
    const suffix = /\.v(?:0|(?:[1-9][0-9]*)?-unstable|[1-9][0-9]*)$/.exec(path);
    if (suffix === null) return { ...whole, ok: false };
    return { prefix: path.slice(0, suffix.index), pathMajor: suffix[0], ok: true };
  }
  const suffix = /\/v[0-9.]+$/.exec(path);
  if (suffix === null) return { ...whole, ok: true };
  if (!/^\/v(?:[2-9]|[1-9][0-9]+)$/.test(suffix[0])) return { ...whole, ok: false };
  return { prefix: path.slice(0, suffix.index), pathMajor: suffix[0], ok: true };
}

/**
 * Whether a semantic version may belong to a path that ends in `pathMajor` (module.MatchPathMajor).
 * Without a major version in the path that is v0, v1 and everything `+incompatible`.
 */
export function matchPathMajor(version: string, pathMajor: string): boolean {
  const wanted = pathMajor.startsWith('.v') ? pathMajor.replace(/-unstable$/, '') : pathMajor;
  // Old go commands made v0.0.0 pseudo-versions for gopkg.in/….v1, and go.mod files still name them.
  if (wanted === '.v1' && version.startsWith('v0.0.0-')) return true;
  const found = major(version);
  if (wanted === '') return found === 'v0' || found === 'v1' || build(version) === '+incompatible';
  return (wanted.startsWith('/') || wanted.startsWith('.')) && found === wanted.slice(1);
}

/**
 * Promises that `path` is a module path, `version` a semantic version and that they belong together
 * (module.Check). Throws RondoError E_BAD_NAME.
 */
export function checkVersion(path: string, version: string): void {
  checkPath(path);
  if (!isValid(version)) {
    throw new RondoError(
      'E_BAD_NAME',
      say('not a semantic version: {version}', { version: quoted(version) }),
    );
  }
  const { pathMajor } = splitPathVersion(path);
  if (!matchPathMajor(version, pathMajor)) {
    const wanted = pathMajor === '' ? listed(['v0', 'v1'], ' or ') : pathMajor.slice(1);
    throw new RondoError(
      'E_BAD_NAME',
      say('version {version} does not belong to {path}: should be {wanted}', {
        version: quoted(version),
        path: quoted(path),
        wanted,
      }),
    );
  }
}

/**
 * The form under which a version is published: full, without build metadata except `+incompatible`;
 * `''` for what is no semantic version (module.CanonicalVersion).
 */
export function canonicalVersion(version: string): string {
  return canonical(version) + (build(version) === '+incompatible' ? '+incompatible' : '');
}

/** Whether `version` is a semantic version in its published form. */
export function isCanonicalVersion(version: string): boolean {
  const parsed = parseVersion(version);
  return parsed !== undefined && isPublishedForm(parsed);
}

/** As isCanonicalVersion, of a version that is taken apart. */
export function isPublishedForm({ missing, build: metadata }: Version): boolean {
  return missing === '' && (metadata === '' || metadata === '+incompatible');
}
