import { highestOf } from '../gomod/highest-versions.ts';
import { isPseudoVersion } from '../gomod/pseudo-version.ts';
import { compareVersions, parseVersion } from '../gomod/semver.ts';
import type { ListedVersion } from '../gomod/version-list.ts';
import { ownText } from '../kit/own-text.ts';

/**
 * How far each mirror lags behind, from one list of a busy module that every one was asked for. Plain data; times of
 * the monotonic clock. A mirror is behind while another has had a higher version than all of its own: what lies below
 * it may be left out on purpose. What one mirror alone lists counts only if it is certain that it exists: else whoever
 * makes a version up would be the freshest.
 */
export type SyncLags = {
  /** The highest versions that each mirror had when it was asked last, the highest first. */
  readonly listed: ReadonlyMap<string, { readonly versions: readonly string[]; readonly atMs: number }>;
  /** Those of them that somebody said are certain. */
  readonly certain: ReadonlySet<string>;
  /** When each version above the lowest mirror's highest was first seen, of those that count. */
  readonly seenMs: ReadonlyMap<string, number>;
  /** Since when another has had something newer than each mirror; Infinity where none has. */
  readonly behindSinceMs: ReadonlyMap<string, number>;
};

/** Nobody has been asked. */
export const NO_LAGS: SyncLags = {
  listed: new Map(),
  certain: new Set(),
  seenMs: new Map(),
  behindSinceMs: new Map(),
};

/** So many of the highest versions of a list are looked at: a mirror writes it. */
const MAX_VERSIONS = 20;
/** So many are remembered of all of them. */
const MAX_SEEN = 100;
/** Of one list so many are to be looked up. */
const MAX_DOUBTS = 4;
/** What a mirror listed longer ago says nothing: three rounds at the slowest pace. */
const MAX_AGE_MS = 3 * 24 * 3_600_000;

/** The lags after `mirror` has given its list; one without a version changes nothing. */
export function afterList(
  lags: SyncLags,
  mirror: string,
  list: readonly ListedVersion[],
  nowMs: number,
): SyncLags {
  const tagged = list.flatMap(({ version }) =>
    isPseudoVersion(version) ? [] : (parseVersion(version) ?? []),
  );
  // Copies: a list may have a MiB, and is not kept.
  const versions = highestOf(tagged, MAX_VERSIONS).map(({ text }) => ownText(text));
  if (versions.length === 0) return lags;
  return weighed({ ...lags, listed: new Map(lags.listed).set(mirror, { versions, atMs: nowMs }) }, nowMs);
}

/** What `mirror` alone lists above all that counts, the highest first: to be looked up until one of them is certain. */
export function doubtsOf(lags: SyncLags, mirror: string): readonly string[] {
  const { versions = [] } = lags.listed.get(mirror) ?? {};
  const counts = countedIn(lags);
  const first = versions.findIndex((version) => counts.has(version));
  return versions.slice(0, Math.min(first < 0 ? versions.length : first, MAX_DOUBTS));
}

/** The lags once it is certain that `version` exists. */
export function afterCertainty(lags: SyncLags, version: string, nowMs: number): SyncLags {
  return weighed({ ...lags, certain: new Set(lags.certain).add(version) }, nowMs);
}

/** What is known of the mirrors of these names alone. */
export function lagsOf(lags: SyncLags, names: ReadonlySet<string>, nowMs: number): SyncLags {
  const listed = new Map([...lags.listed].filter(([name]) => names.has(name)));
  return weighed({ ...lags, listed }, nowMs);
}

/** For how long at least another mirror has had something newer, milliseconds; undefined where nobody knows. */
export function lagOf({ behindSinceMs }: SyncLags, mirror: string, nowMs: number): number | undefined {
  const sinceMs = behindSinceMs.get(mirror);
  return sinceMs === undefined || behindSinceMs.size < 2 ? undefined : Math.max(0, nowMs - sinceMs);
}

/** Works out anew what follows from the lists. This is done once a list, so that a lag costs next to nothing. */
function weighed(lags: SyncLags, nowMs: number): SyncLags {
  const listed = new Map([...lags.listed].filter(([, { atMs }]) => nowMs - atMs <= MAX_AGE_MS));
  const counts = countedIn({ ...lags, listed });
  const highest = new Map<string, string>();
  for (const [mirror, { versions }] of listed) {
    const own = versions.find((version) => counts.has(version));
    if (own !== undefined) highest.set(mirror, own);
  }
  const lowest = [...highest.values()].reduce<string | undefined>(lower, undefined);
  const ahead = [...counts].filter((version) => lowest !== undefined && isAbove(version, lowest));
  const seen = highestOf(
    ahead.flatMap((version) => parseVersion(version) ?? []),
    MAX_SEEN,
  );
  const seenMs = new Map(seen.map(({ text }) => [text, lags.seenMs.get(text) ?? nowMs]));
  const behindSinceMs = new Map(
    [...highest].map(([mirror, own]) => {
      const newer = [...seenMs].filter(([version]) => isAbove(version, own));
      return [mirror, Math.min(...newer.map(([, atMs]) => atMs))] as const;
    }),
  );
  // What nobody lists any more is forgotten.
  const certain = new Set([...counts].filter((version) => lags.certain.has(version)));
  return { listed, certain, seenMs, behindSinceMs };
}

/** What is listed and counts: more than one mirror lists it, or it is certain. */
function countedIn({ listed, certain }: Pick<SyncLags, 'listed' | 'certain'>): ReadonlySet<string> {
  const once = new Set<string>();
  const counts = new Set<string>();
  for (const { versions } of listed.values()) {
    for (const version of versions) {
      if (once.has(version) || certain.has(version)) counts.add(version);
      once.add(version);
    }
  }
  return counts;
}

function lower(a: string | undefined, b: string): string {
  return a === undefined || isAbove(a, b) ? b : a;
}

function isAbove(a: string, b: string): boolean {
  return compareVersions(a, b) > 0;
}
