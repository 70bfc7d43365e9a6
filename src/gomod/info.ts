import { RondoError } from '../errors/rondo-error.ts';
import { elementProblem } from './path-element.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { say, type Text } from '../words/text.ts';

/** What an `.info` or `@latest` body says. */
export type VersionInfo = {
  /** A safe file name; not necessarily the version that was asked for, nor a semantic one. */
  readonly version: string;
  /** The commit time; many mirrors leave it out. */
  readonly time?: Date;
  /** The commit that it was made of, where the mirror tells it: a hash of Git's. */
  readonly commit?: string;
};

/** The longest body and the longest version in one, in bytes. Real ones stay below 1 KiB. */
const MAX_INFO_BYTES = 64 * 1024;
const MAX_VERSION_LENGTH = 240;
/** encoding/json refuses 10,000; nothing real comes near this. */
const MAX_DEPTH = 100;

/**
 * Reads an `.info` or `@latest` body: a JSON object with a `Version` (modfetch.RevInfo, proxyRepo.Stat).
 * Other members are legal and ignored. Member names match in any case, as in Go's encoding/json, but a body
 * that names one of the two twice in different spellings is refused: go and Rondo could read it differently.
 * From a mirror: hostile. Throws RondoError E_BAD_CONTENT for anything that the go command could not use.
 */
export function parseInfo(bytes: Uint8Array): VersionInfo {
  if (bytes.byteLength > MAX_INFO_BYTES) throw malformed(say('it is too long'));
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (cause) {
    throw malformed(say('it is not JSON'), cause);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw malformed(say('it is no object'));
  const version = member(parsed, 'version');
  if (typeof version !== 'string') throw malformed(say('it has no Version'));
  if (version.length > MAX_VERSION_LENGTH || elementProblem(version, 'file-name') !== undefined) {
    throw malformed(say('its Version is no version'));
  }
  const commit = commitOf(member(parsed, 'origin'));
  if (isDeeperThan(parsed, MAX_DEPTH)) throw malformed(say('it is nested too deep'));
  const timeText = member(parsed, 'time');
  const known = { version, ...(commit === undefined ? {} : { commit }) };
  if (timeText === undefined || timeText === null) return known;
  const time = typeof timeText === 'string' ? parseRfc3339(timeText) : undefined;
  if (time === undefined) throw malformed(say('its Time is no RFC 3339 time'));
  return { ...known, time };
}

/** codehost.Origin is an object of strings; anything else makes go refuse the whole body. */
function commitOf(origin: unknown): string | undefined {
  if (origin === undefined || origin === null) return undefined;
  const isObject = typeof origin === 'object' && !Array.isArray(origin);
  const isText = (value: unknown): boolean => typeof value === 'string' || value === null;
  if (!isObject || !Object.values(origin).every(isText))
    throw malformed(say('its Origin is no object of strings'));
  const hash = member(origin, 'hash');
  return typeof hash === 'string' && /^[0-9a-f]{40,64}$/.test(hash) ? hash : undefined;
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((each) => isDeeperThan(each, depth - 1));
}

function member(object: object, lowerCaseName: string): unknown {
  const found = Object.entries(object).filter(([name]) => folded(name) === lowerCaseName);
  if (found.length > 1) throw malformed(say('it has {name} twice', { name: lowerCaseName }));
  return found[0]?.[1];
}

/** As encoding/json folds names: beside the case, the long s and the Kelvin sign are s and k. */
function folded(name: string): string {
  return name.toLowerCase().replaceAll('\u017f', 's').replaceAll('\u212a', 'k');
}

function malformed(why: Text, cause?: unknown): RondoError {
  return new RondoError(
    'E_BAD_CONTENT',
    say('malformed version info: {why}', { why }),
    cause === undefined ? {} : { cause },
  );
}
