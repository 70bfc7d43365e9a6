/**
 * Semantic versions as the go command reads them (golang.org/x/mod/semver): a leading `v` is required,
 * and `vMAJOR` and `vMAJOR.MINOR` are short for versions that end in zeros.
 */

// No two alternatives can match the same identifier, so the match takes time linear in the input.
const NUMBER = '(?:0|[1-9][0-9]*)';
const PRERELEASE_IDENTIFIER = `(?:${NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)`;
const BUILD_IDENTIFIER = '[0-9A-Za-z-]+';
const SEMVER = new RegExp(
  `^v(${NUMBER})(?:\\.(${NUMBER})(?:\\.(${NUMBER})` +
    `(-${PRERELEASE_IDENTIFIER}(?:\\.${PRERELEASE_IDENTIFIER})*)?` +
    `(\\+${BUILD_IDENTIFIER}(?:\\.${BUILD_IDENTIFIER})*)?)?)?$`,
);

/** A semantic version taken apart, so that many are compared without reading each again and again. */
export type Version = {
  /** All of it. */
  readonly text: string;
  readonly major: string;
  readonly minor: string;
  readonly patch: string;
  /** What a short form lacks: `.0.0`, `.0` or nothing. */
  readonly missing: string;
  /** With its hyphen, or empty. */
  readonly prerelease: string;
  /** With its plus, or empty. */
  readonly build: string;
};

/** The parts of a semantic version, slices of `text`; `undefined` for anything else. */
export function parseVersion(text: string): Version | undefined {
  const match = SEMVER.exec(text);
  if (match === null) return undefined;
  const [, major = '', minor, patch, prerelease = '', build = ''] = match;
  const missing = minor === undefined ? '.0.0' : patch === undefined ? '.0' : '';
  return { text, major, minor: minor ?? '0', patch: patch ?? '0', missing, prerelease, build };
}

/** Whether `version` is a semantic version (semver.IsValid). */
export function isValid(version: string): boolean {
  return SEMVER.test(version);
}

/** The full form without build metadata, or `''` for an invalid version (semver.Canonical). */
export function canonical(version: string): string {
  const parsed = parseVersion(version);
  if (parsed === undefined) return '';
  return version.slice(0, version.length - parsed.build.length) + parsed.missing;
}

/** `v2` of `v2.1.0`, or `''` for an invalid version (semver.Major). */
export function major(version: string): string {
  const parsed = parseVersion(version);
  return parsed === undefined ? '' : `v${parsed.major}`;
}

/** `-rc.1` of `v1.0.0-rc.1+meta`, or `''` where there is none (semver.Prerelease). */
export function prerelease(version: string): string {
  return parseVersion(version)?.prerelease ?? '';
}

/** `+meta` of `v1.0.0-rc.1+meta`, or `''` where there is none (semver.Build). */
export function build(version: string): string {
  return parseVersion(version)?.build ?? '';
}

/**
 * Precedence: negative, zero or positive as `a` is below, level with or above `b`. Build metadata does
 * not count, and an invalid version is below every valid one (semver.Compare).
 */
export function compare(a: string, b: string): -1 | 0 | 1 {
  const left = parseVersion(a);
  const right = parseVersion(b);
  if (left === undefined) return right === undefined ? 0 : -1;
  if (right === undefined) return 1;
  return comparePrecedence(left, right);
}

/** A total order for sorting: precedence, then the text itself (the order of semver.Sort). */
export function compareVersions(a: string, b: string): -1 | 0 | 1 {
  return compare(a, b) || compareText(a, b);
}

/** As compareVersions, of versions that are taken apart. */
export function compareParsed(a: Version, b: Version): -1 | 0 | 1 {
  return comparePrecedence(a, b) || compareText(a.text, b.text);
}

function comparePrecedence(a: Version, b: Version): -1 | 0 | 1 {
  return (
    compareNumbers(a.major, b.major) ||
    compareNumbers(a.minor, b.minor) ||
    compareNumbers(a.patch, b.patch) ||
    comparePrereleases(a.prerelease, b.prerelease)
  );
}

function compareText(a: string, b: string): -1 | 0 | 1 {
  return a === b ? 0 : a < b ? -1 : 1;
}

// Numbers stay text: there is no bound on their size.
function compareNumbers(a: string, b: string): -1 | 0 | 1 {
  if (a.length !== b.length) return a.length < b.length ? -1 : 1;
  return compareText(a, b);
}

function comparePrereleases(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0;
  if (a === '') return 1;
  if (b === '') return -1;
  // Neither is split: a mirror may list tens of thousands of long ones. Behind the hyphen stands the first identifier.
  let start = 1;
  for (let at = 1; at < a.length && a[at] === b[at]; at += 1) if (a[at] === '.') start = at + 1;
  const order = compareIdentifiers(identifierAt(a, start), identifierAt(b, start));
  // Of two that are alike as far as the shorter one goes the longer is above.
  return order === 0 ? (a.length < b.length ? -1 : 1) : order;
}

function identifierAt(prerelease: string, start: number): string {
  const end = prerelease.indexOf('.', start);
  return prerelease.slice(start, end < 0 ? prerelease.length : end);
}

function compareIdentifiers(a: string, b: string): -1 | 0 | 1 {
  const aIsNumber = /^[0-9]+$/.test(a);
  const bIsNumber = /^[0-9]+$/.test(b);
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  return aIsNumber ? compareNumbers(a, b) : compareText(a, b);
}
