import { RondoError } from '../errors/rondo-error.ts';
import { fieldsOf } from './fields.ts';
import { isCanonicalVersion } from './module-path.ts';
import { isPseudoVersion, pseudoVersionTime } from './pseudo-version.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { highestOf } from './highest-versions.ts';
import { parseVersion } from './semver.ts';
import { say } from '../words/text.ts';

/** A line of a version list. */
export type ListedVersion = {
  /** Canonical; may be a pseudo-version. */
  readonly version: string;
  /** The commit time, where the mirror gave one. */
  readonly time?: Date;
};

/**
 * The canonical versions of an `@v/list` body, in its order, with their times; pseudo-versions stay. Other
 * lines are skipped, as the go command skips them (modfetch.proxyRepo.Versions). From a mirror: hostile.
 * Throws RondoError E_BAD_CONTENT for more than `maxLines` lines.
 */
export function parseVersionList(
  text: string,
  limits: { readonly maxLines: number },
): readonly ListedVersion[] {
  const versions: ListedVersion[] = [];
  let count = 0;
  for (let start = 0; start < text.length;) {
    if (++count > limits.maxLines) {
      throw new RondoError(
        'E_BAD_CONTENT',
        say('version list has more than {maxLines} lines', { maxLines: limits.maxLines }),
      );
    }
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const [version = '', timeText = ''] = fieldsOf(text.slice(start, end));
    start = end + 1;
    if (!isCanonicalVersion(version)) continue;
    const time = parseRfc3339(timeText);
    versions.push(time === undefined ? { version } : { version, time });
  }
  return versions;
}

/**
 * The version that `@latest` means: the highest release, else the highest pre-release, else the newest
 * pseudo-version (spec integrity.md "Freshness"); `undefined` for an empty list. A pseudo-version's age is
 * the time that the mirror gave, else its own (modfetch.proxyRepo.latestFromList).
 */
export function latestOf(list: readonly ListedVersion[]): ListedVersion | undefined {
  const tagged = list.filter(({ version }) => !isPseudoVersion(version));
  if (tagged.length === 0) return highest(newest(list));
  const releases = tagged.filter(({ version }) => parseVersion(version)?.prerelease === '');
  return highest(releases.length > 0 ? releases : tagged);
}

/** No line is longer: a file is named by a version, and no name of a file has more than 255 characters. */
const MAX_LINE_LENGTH = 300;

/**
 * Whether a body is a version list at all: at most `maxLines` lines, each empty or a word that begins like a
 * version, in printable text, and not endless. A list without lines is one; HTML and error messages are not. A version that is
 * not semantic does no harm: the go command skips it.
 */
export function isVersionList(text: string, limits: { readonly maxLines: number }): boolean {
  let count = 0;
  for (let start = 0; start < text.length;) {
    if (++count > limits.maxLines) return false;
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end - start > MAX_LINE_LENGTH) return false;
    if (!/^[ \t]*(?:v[0-9][\x20-\x7e\t]*)?\r?$/.test(text.slice(start, end))) return false;
    start = end + 1;
  }
  return true;
}

/**
 * The lines of `older` whose versions `newer` does not have, in their order: what a list has lost. Lines that name no
 * canonical version are nobody's loss. Both from mirrors: hostile.
 */
export function linesMissing(older: string, newer: string): readonly string[] {
  const has = new Set(linesOf(newer).map(versionOf));
  return linesOf(older).filter((line) => !has.has(versionOf(line)) && isCanonicalVersion(versionOf(line)));
}

/** The lines of a list except those of `versions`. From a mirror: hostile. */
export function withoutVersions(text: string, versions: ReadonlySet<string>): string {
  return text
    .split('\n')
    .filter((line) => !versions.has(fieldsOf(line)[0] ?? ''))
    .join('\n');
}

function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trim());
}

function versionOf(line: string): string {
  return line.split(/\s/, 1)[0] ?? '';
}

function highest(list: readonly ListedVersion[]): ListedVersion | undefined {
  const versions = list.flatMap(({ version }) => parseVersion(version) ?? []);
  const [first] = highestOf(versions, 1);
  return list.find(({ version }) => version === first?.text);
}

/** All of the newest commits. */
function newest(list: readonly ListedVersion[]): readonly ListedVersion[] {
  const timesMs = list.map(commitMs);
  const lastMs = timesMs.reduce((a, b) => Math.max(a, b), -Infinity);
  return list.filter((_, index) => timesMs[index] === lastMs);
}

function commitMs({ version, time }: ListedVersion): number {
  return (time ?? pseudoVersionTime(version))?.getTime() ?? -Infinity;
}
