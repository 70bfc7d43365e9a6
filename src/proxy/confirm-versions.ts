import { highestOf } from '../gomod/highest-versions.ts';
import { parseInfo } from '../gomod/info.ts';
import type { ModuleFile } from '../gomod/module-file.ts';
import { isCanonicalVersion, isPublishedForm } from '../gomod/module-path.ts';
import { publishedVersions } from '../gomod/published-list.ts';
import { compareParsed, compareVersions, parseVersion, type Version } from '../gomod/semver.ts';
import { withoutVersions } from '../gomod/version-list.ts';
import { ownText } from '../kit/own-text.ts';
import { readAnswer, type FoundAnswer } from './answer-record.ts';
import type { ProxyContext } from './context.ts';
import { secondOpinion } from './second-opinion.ts';
import type { SettledList } from './settle-list.ts';

/** So many versions of one list are looked up at a time: a list may have thousands that do not exist. */
const MAX_LOOKUPS = 4;

/**
 * Leaves out of a list what one mirror alone says: a version above all that is certain is looked up in the checksum
 * database (integrity.md, "Verification"), from the highest down until one is known. Where that does not decide, what
 * another mirror lists counts. Where nobody has anything certain the list is passed on: whoever then asks for such a
 * version is told what is wrong with it. Costs nothing as long as nothing new is listed. Never rejects.
 */
export async function confirmList(
  file: Extract<ModuleFile, { kind: 'list' }>,
  list: SettledList,
  known: FoundAnswer | undefined,
  via: string | undefined,
  context: ProxyContext,
): Promise<SettledList> {
  const certain = known?.confirmed;
  const kept = certain === undefined ? list : { ...list, confirmed: certain };
  const listed = publishedVersions(list.text);
  const above = aboveOf(listed, certain);
  if (above.length === 0 || context.mirrors.poolSize(file) < 2) return kept;
  const upTo = (highest: string, from: SettledList): SettledList =>
    withoutHigher(from, aboveOf(listed, highest), file.module, context);
  // go takes others from a list as well, such as v9.9.9+meta, which no database can know.
  const canonical = highestOf(above.filter(isPublishedForm), MAX_LOOKUPS + 1);
  let absent = 0;
  for (const { text } of canonical.slice(0, MAX_LOOKUPS)) {
    const version = ownText(text);
    const check = await context.checks.check(file.module, version);
    if (check === 'exempt') return kept;
    if (check === 'known') return upTo(version, { ...list, confirmed: version });
    if (check === 'unsure') break;
    absent += 1;
  }
  if (certain !== undefined && absent === canonical.length) return upTo(certain, kept);
  const other = await secondOpinion(file, list.mirror, via, context);
  const [others] = other === undefined ? [] : highestOf(aboveOf(publishedVersions(other.text), certain), 1);
  const highest = others?.text ?? certain;
  return highest === undefined ? kept : upTo(highest, kept);
}

type Latest = { readonly text: string; readonly mirror: string };

/**
 * The answer to `@latest` that a mirror gave; or what the list says, where the checksum database does not know the
 * mirror's, or it is below what is certain; or, where nothing is listed, what another mirror gives, if the database knows
 * that. Never rejects.
 */
export async function confirmLatest(
  file: Extract<ModuleFile, { kind: 'latest' }>,
  given: Latest,
  via: string | undefined,
  context: ProxyContext,
): Promise<Latest> {
  const { module } = file;
  const { version } = parseInfo(Buffer.from(given.text));
  if (context.mirrors.poolSize(file) < 2) return given;
  const { found } = await readAnswer({ kind: 'list', module }, context);
  const doubt = await doubtOf(module, version, found?.confirmed, context);
  if (doubt === undefined) return given;
  const listed = await context.latestListed(module).catch(() => undefined);
  const better = listed ?? (doubt === 'absent' ? await knownElsewhere(file, given, via, context) : undefined);
  if (better === undefined || better.version === version) return given;
  if (doubt === 'absent') context.checks.tellLeftOut(module, version, given.mirror);
  return { text: better.text, mirror: better.mirror };
}

/** What speaks against a mirror's `@latest`, of which no database can know one that is not canonical. */
async function doubtOf(
  module: string,
  version: string,
  certain: string | undefined,
  { checks }: ProxyContext,
): Promise<'below' | 'absent' | 'unsure' | undefined> {
  if (!isCanonicalVersion(version)) return 'absent';
  if (version === certain) return undefined;
  if (certain !== undefined && compareVersions(version, certain) < 0) return 'below';
  const check = await checks.check(module, version);
  return check === 'known' || check === 'exempt' ? undefined : check;
}

/** The `@latest` of another mirror, if the checksum database knows that one. */
async function knownElsewhere(
  file: Extract<ModuleFile, { kind: 'latest' }>,
  given: Latest,
  via: string | undefined,
  context: ProxyContext,
): Promise<(Latest & { readonly version: string }) | undefined> {
  const other = await secondOpinion(file, given.mirror, via, context);
  if (other === undefined) return undefined;
  const { version } = parseInfo(Buffer.from(other.text));
  if (!isCanonicalVersion(version)) return undefined;
  return (await context.checks.check(file.module, version)) === 'known' ? { ...other, version } : undefined;
}

/** The list without `above`, of which people are told. */
function withoutHigher(
  list: SettledList,
  above: readonly Version[],
  module: string,
  { checks }: ProxyContext,
): SettledList {
  for (const { text } of highestOf(above, MAX_LOOKUPS))
    checks.tellLeftOut(module, ownText(text), list.mirror);
  if (above.length === 0) return list;
  return { ...list, text: withoutVersions(list.text, new Set(above.map(({ text }) => text))) };
}

/** Those of `versions` that are above `floor`; all where there is none. */
function aboveOf(versions: readonly Version[], floor: string | undefined): readonly Version[] {
  const least = floor === undefined ? undefined : parseVersion(floor);
  return least === undefined ? versions : versions.filter((version) => compareParsed(version, least) > 0);
}
