/** Rondo's knowledge of names against Go's own, from testdata/go-vectors.json (see testdata/README.md). */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { escapePath, escapeVersion, unescapePath, unescapeVersion } from './escape.ts';
import { parseGosumdb } from './gosumdb.ts';
import { hashLines } from './h1.ts';
import {
  canonicalVersion,
  checkVersion,
  isValidPath,
  matchPathMajor,
  splitPathVersion,
} from './module-path.ts';
import { matchGlob, matchPrefixPatterns } from './path-patterns.ts';
import { percentEncodePath } from './percent-encoding.ts';
import { isPseudoVersion, pseudoVersionTime } from './pseudo-version.ts';
import { build, canonical, compare, compareVersions, isValid, major, prerelease } from './semver.ts';
import { parseTilePath } from './tile-path.ts';

type Vectors = {
  versions: [string, boolean, string, string, string, string, string, boolean, string | null][];
  sorted: string[];
  compare: [string, string, number][];
  paths: [string, boolean, string, string, boolean, string | null, string | null][];
  check: [string, string, boolean, string, boolean][];
  escapeVersion: [string, string | null, string | null][];
  unescape: [string, string | null, string | null][];
  tiles: [string, [string, string, string, string] | null][];
  globs: [string, string, boolean][];
  prefixPatterns: [string, string, boolean][];
  verifierKeys: [string, boolean][];
  hash1: [string[], string | null][];
};

const vectors = JSON.parse(
  readFileSync(new URL('testdata/go-vectors.json', import.meta.url), 'utf8'),
) as Vectors;

/** The result, or null if it threw: how the vectors write an error. */
function orNull<T>(fn: () => T): T | null {
  try {
    return fn();
  } catch {
    return null;
  }
}

/** Compares Rondo with Go on every row; a table that came out empty is an error of its own. */
function agrees<Row extends readonly unknown[]>(
  table: readonly Row[],
  asRondo: (row: Row) => readonly unknown[],
): void {
  assert.ok(table.length > 0);
  for (const row of table) assert.deepEqual(asRondo(row), row, JSON.stringify(row[0]));
}

test('semantic, canonical and pseudo-versions are read as Go reads them', () => {
  agrees(vectors.versions, ([v]) => [
    v,
    isValid(v),
    canonical(v),
    major(v),
    prerelease(v),
    build(v),
    canonicalVersion(v),
    isPseudoVersion(v),
    pseudoVersionTime(v)?.toISOString() ?? null,
  ]);
});

test('versions are ordered as Go orders them', () => {
  agrees(vectors.compare, ([a, b]) => [a, b, compare(a, b)]);
  assert.deepEqual(vectors.versions.map(([v]) => v).sort(compareVersions), vectors.sorted);
});

test('module paths are checked, split and escaped as in Go', () => {
  agrees(vectors.paths, ([path]) => {
    const { prefix, pathMajor, ok } = splitPathVersion(path);
    const escaped = orNull(() => escapePath(path));
    const wire = escaped === null ? null : percentEncodePath(escaped);
    return [path, isValidPath(path), prefix, pathMajor, ok, escaped, wire];
  });
});

test('a version belongs to a path where Go says so', () => {
  agrees(vectors.check, ([path, version]) => {
    const { pathMajor } = splitPathVersion(path);
    const valid = orNull(() => checkVersion(path, version)) === undefined;
    return [path, version, valid, pathMajor, matchPathMajor(version, pathMajor)];
  });
});

test('versions and queries are escaped as in Go', () => {
  agrees(vectors.escapeVersion, ([version]) => {
    const escaped = orNull(() => escapeVersion(version));
    return [version, escaped, escaped === null ? null : percentEncodePath(escaped)];
  });
});

test('escaped names are read as in Go', () => {
  agrees(vectors.unescape, ([escaped]) => [
    escaped,
    orNull(() => unescapePath(escaped)),
    orNull(() => unescapeVersion(escaped)),
  ]);
});

test('tile paths are read as in Go', () => {
  agrees(vectors.tiles, ([path]) => {
    const tile = parseTilePath(path);
    if (tile === undefined) return [path, null];
    const level = tile.level === 'data' ? '-1' : tile.level;
    return [path, [tile.height, level, tile.index, tile.width].map(String)];
  });
});

test('globs match what they match in Go', () => {
  agrees(vectors.globs, ([glob, name]) => [glob, name, matchGlob(glob, name)]);
  agrees(vectors.prefixPatterns, ([globs, path]) => [globs, path, matchPrefixPatterns(globs, path)]);
});

test('verifier keys are accepted where Go accepts them', () => {
  agrees(vectors.verifierKeys, ([key]) => [
    key,
    // A bare name and blanks around are GOSUMDB's, not the key's.
    /^[^+]*$/.test(key) ? false : orNull(() => parseGosumdb(key)) !== null,
  ]);
});

test('h1 hashes equal those of dirhash.Hash1', () => {
  agrees(vectors.hash1, ([names]) => [
    names,
    orNull(() =>
      hashLines(
        names.map((name) => ({
          name,
          sha256Hex: createHash('sha256').update(`content of ${name}`).digest('hex'),
        })),
      ),
    ),
  ]);
});
