import { compareParsed, type Version } from './semver.ts';

/**
 * The `most` highest of `versions`, the highest first, each once. Nothing is sorted but those: a mirror that lists tens of
 * thousands costs few compares for each of them, in whatever order they stand.
 */
export function highestOf(
  versions: Iterable<Version>,
  most: number,
  compare: (a: Version, b: Version) => number = compareParsed,
): Version[] {
  const kept: Version[] = [];
  for (const version of versions) {
    const lowest = kept.at(-1);
    if (kept.length === most && lowest !== undefined && compare(version, lowest) <= 0) continue;
    const place = placeIn(kept, version, compare);
    if (place === undefined) continue;
    kept.splice(place, 0, version);
    if (kept.length > most) kept.pop();
  }
  return kept;
}

/** Where `version` belongs among those, which descend; undefined where it is one of them. */
function placeIn(
  kept: readonly Version[],
  version: Version,
  compare: (a: Version, b: Version) => number,
): number | undefined {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const other = kept[middle];
    const order = other === undefined ? 1 : compare(version, other);
    if (order === 0) return undefined;
    if (order > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
