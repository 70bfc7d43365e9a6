import { RondoError } from '../errors/rondo-error.ts';
import { elementProblem } from './path-element.ts';
import { parseRfc3339 } from './rfc3339.ts';

/** What an `.info` or `@latest` body says. */
export type VersionInfo = {
  /** A safe file name; not necessarily the version that was asked for, nor a semantic one. */
  readonly version: string;
  /** The commit time; many mirrors leave it out. */
  readonly time?: Date;
};

/** The longest body and the longest version in one, in bytes. Real ones stay below 1 KiB. */
const MAX_INFO_BYTES = 64 * 1024;
const MAX_VERSION_LENGTH = 240;

/**
 * Reads an `.info` or `@latest` body: a JSON object with a `Version` (modfetch.RevInfo, proxyRepo.Stat).
 * Other members are legal and ignored. Member names match in any case, as in Go's encoding/json, but a body
 * that names one of the two twice in different spellings is refused: go and Rondo could read it differently.
 * From a mirror: hostile. Throws RondoError E_BAD_CONTENT for anything that the go command could not use.
 */
export function parseInfo(bytes: Uint8Array): VersionInfo {
  if (bytes.byteLength > MAX_INFO_BYTES) throw malformed('it is too long');
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (cause) {
    throw malformed('it is not JSON', cause);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw malformed('it is no object');
  const version = member(parsed, 'version');
  if (typeof version !== 'string') throw malformed('it has no Version');
  if (version.length > MAX_VERSION_LENGTH || elementProblem(version, 'file-name') !== undefined) {
    throw malformed('its Version is no version');
  }
  const timeText = member(parsed, 'time');
  if (timeText === undefined || timeText === null) return { version };
  const time = typeof timeText === 'string' ? parseRfc3339(timeText) : undefined;
  if (time === undefined) throw malformed('its Time is no RFC 3339 time');
  return { version, time };
}

function member(object: object, lowerCaseName: string): unknown {
  const found = Object.entries(object).filter(([name]) => name.toLowerCase() === lowerCaseName);
  if (found.length > 1) throw malformed(`it has ${lowerCaseName} twice`);
  return found[0]?.[1];
}

function malformed(why: string, cause?: unknown): RondoError {
  return new RondoError(
    'E_BAD_CONTENT',
    `malformed version info: ${why}`,
    cause === undefined ? {} : { cause },
  );
}
