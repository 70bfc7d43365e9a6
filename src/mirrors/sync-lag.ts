import type { ListedVersion } from '../gomod/version-list.ts';
import { compareVersions } from '../gomod/semver.ts';
import { isPseudoVersion } from '../gomod/pseudo-version.ts';

/**
 * How far each mirror lags behind, from one list of a busy module that every one was asked for. Plain data; times of
 * the monotonic clock. A mirror is behind while another has had a higher version than all of its own: what lies below
 * it may be left out on purpose.
 */
export type SyncLags = {
  /** The highest version that each mirror had when it was asked last. */
  readonly highest: ReadonlyMap<string, string>;
  /** When each version above the lowest of those was first seen at any mirror. */
  readonly seenMs: ReadonlyMap<string, number>;
};

/** Nobody has been asked. */
export const NO_LAGS: SyncLags = { highest: new Map(), seenMs: new Map() };

/** So many of the highest versions of a list are looked at: a mirror writes it. */
const MAX_VERSIONS = 50;

/** The lags after `mirror` has given its list; one without a version changes nothing. */
export function afterList(
  lags: SyncLags,
  mirror: string,
  list: readonly ListedVersion[],
  nowMs: number,
): SyncLags {
  const versions = list
    .map(({ version }) => version)
    .filter((version) => !isPseudoVersion(version))
    .toSorted((a, b) => compareVersions(b, a))
    .slice(0, MAX_VERSIONS);
  const [own] = versions;
  if (own === undefined) return lags;
  const highest = new Map(lags.highest).set(mirror, own);
  const [lowest = own, ...others] = [...highest.values()].toSorted(compareVersions);
  // Above the highest is what nobody has any more.
  const top = others.at(-1) ?? lowest;
  const seenMs = new Map<string, number>();
  for (const [version, atMs] of [...lags.seenMs, ...versions.map((each) => [each, nowMs] as const)]) {
    const isAhead = compareVersions(version, lowest) > 0 && compareVersions(version, top) <= 0;
    if (isAhead && !seenMs.has(version)) seenMs.set(version, atMs);
  }
  return { highest, seenMs };
}

/** What is known of the mirrors of these names alone. */
export function lagsOf({ highest, seenMs }: SyncLags, names: ReadonlySet<string>): SyncLags {
  const left = [...highest].filter(([name]) => names.has(name));
  const [top] = left.map(([, version]) => version).toSorted((a, b) => compareVersions(b, a));
  const isThere = (version: string): boolean => top !== undefined && compareVersions(version, top) <= 0;
  return { highest: new Map(left), seenMs: new Map([...seenMs].filter(([version]) => isThere(version))) };
}

/** For how long at least another mirror has had something newer, milliseconds; undefined where nobody knows. */
export function lagOf({ highest, seenMs }: SyncLags, mirror: string, nowMs: number): number | undefined {
  const own = highest.get(mirror);
  if (own === undefined || highest.size < 2) return undefined;
  const newer = [...seenMs].filter(([version]) => compareVersions(version, own) > 0);
  return newer.length === 0 ? 0 : nowMs - Math.min(...newer.map(([, atMs]) => atMs));
}
