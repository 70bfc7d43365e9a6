import { highestOf } from '../gomod/highest-versions.ts';
import { parseVersion } from '../gomod/semver.ts';
import type { CountedList, HeldList, ModuleFacts, ModuleFinding, ModuleLists } from './module-facts.ts';

/** Newest versions that one mirror alone names, and its repository does not: the checksum database may know them. Pure. */
export function doubtfulVersions({ mirrors, direct }: ModuleLists): string[] {
  const held = mirrors.flatMap((each) => (each.kind === 'has' ? [each] : []));
  const known = direct.kind === 'has' ? [...direct.versions, direct.newest] : [];
  const isNamedBy = ({ versions, newest }: HeldList, version: string): boolean =>
    newest === version || versions.includes(version);
  const named = new Set(held.flatMap(({ newest }) => newest ?? []));
  return [...named].filter(
    (version) => !known.includes(version) && held.filter((each) => isNamedBy(each, version)).length === 1,
  );
}

/**
 * The lists beside each other. A version is certain that the repository has, or two mirrors, or the checksum database
 * (`confirmed`): one mirror alone may have made it up. Pure.
 */
export function compareLists(lists: ModuleLists, confirmed: ReadonlySet<string>): ModuleFacts {
  const { mirrors, direct } = lists;
  const held = mirrors.flatMap((each) => (each.kind === 'has' ? [each] : []));
  const counts = new Map<string, number>();
  for (const { versions, newest } of held)
    for (const version of new Set([...versions, ...(newest === undefined ? [] : [newest])]))
      counts.set(version, (counts.get(version) ?? 0) + 1);
  const certain = new Set([...counts].flatMap(([version, count]) => (count > 1 ? [version] : [])));
  for (const version of confirmed) certain.add(version);
  if (direct.kind === 'has') {
    for (const version of direct.versions) certain.add(version);
    if (direct.newest !== undefined) certain.add(direct.newest);
  }
  const isTagged = [...held, ...(direct.kind === 'has' ? [direct] : [])].some(
    ({ versions }) => versions.length > 0,
  );
  // A version of a commit is nothing that a list has, and nothing beside one that is tagged.
  const tagged = new Set([...certain].filter((version) => isTagged && isTag(version, held, direct)));
  const newest = newestOf(isTagged ? tagged : certain);
  const counted = (list: HeldList): CountedList => count(list, tagged, newest);
  return {
    ...lists,
    mirrors: mirrors.map((each) => (each.kind === 'has' ? { ...counted(each), name: each.name } : each)),
    direct: direct.kind === 'has' ? counted(direct) : direct,
    newest,
  };
}

function isTag(version: string, held: readonly HeldList[], direct: ModuleLists['direct']): boolean {
  return [...held, ...(direct.kind === 'has' ? [direct] : [])].some(({ versions }) =>
    versions.includes(version),
  );
}

function count(
  { versions, ...rest }: HeldList,
  tagged: ReadonlySet<string>,
  newest: string | undefined,
): CountedList {
  const has = new Set(versions);
  const lacks = [...tagged].filter((version) => !has.has(version)).length;
  return { ...rest, versions: has.size, lacks, standing: standingOf(rest.newest, newest) };
}

function standingOf(own: string | undefined, newest: string | undefined): CountedList['standing'] {
  if (newest === undefined) return 'unknown';
  if (own === newest) return 'same';
  return own === undefined || newestOf([own, newest]) === newest ? 'behind' : 'ahead';
}

/** As `@latest` takes it: the highest release, else the highest of all. */
function newestOf(versions: Iterable<string>): string | undefined {
  const parsed = [...versions].flatMap((version) => parseVersion(version) ?? []);
  const releases = parsed.filter(({ prerelease }) => prerelease === '');
  return highestOf(releases.length > 0 ? releases : parsed, 1)[0]?.text;
}

/** What the lists come to; never nothing. Pure. */
export function moduleVerdicts({ mirrors, direct, privateBy }: ModuleFacts): ModuleFinding[] {
  const isAsked = mirrors.some(({ kind }) => kind !== 'not-asked');
  if (privateBy !== undefined && !isAsked) return [{ kind: 'private', mirrors: [] }];
  const findings: ModuleFinding[] = isAsked ? [] : [{ kind: 'no-mirror', mirrors: [] }];
  const add = (kind: ModuleFinding['kind'], names: readonly string[]): void => {
    if (names.length > 0) findings.push({ kind, mirrors: names });
  };
  const namesOf = (is: (mirror: ModuleFacts['mirrors'][number]) => boolean): string[] =>
    mirrors.filter(is).map(({ name }) => name);
  const has = namesOf(({ kind }) => kind === 'has');
  const without = namesOf(({ kind }) => kind === 'not-there');
  const failed = namesOf(
    (each) => each.kind === 'failed' || (each.kind === 'has' && each.trouble !== undefined),
  );
  add(
    'ahead',
    namesOf((each) => each.kind === 'has' && each.standing === 'ahead'),
  );
  const behind = namesOf(
    (each) =>
      (each.kind === 'has' && (each.lacks > 0 || each.standing === 'behind')) ||
      (each.kind === 'not-there' && has.length > 0),
  );
  add('lags', behind);
  if (has.length === 0 && direct.kind === 'has') add('only-direct', without);
  else if (has.length === 0 && without.length > 0 && failed.length === 0)
    findings.push({ kind: 'not-there', mirrors: [] });
  add(
    'refused',
    namesOf(({ kind }) => kind === 'refused'),
  );
  add('failed', failed);
  return findings.length > 0 ? findings : [{ kind: 'well', mirrors: [] }];
}
