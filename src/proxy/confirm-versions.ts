import { fieldsOf } from '../gomod/fields.ts';
import { parseInfo } from '../gomod/info.ts';
import type { ModuleFile } from '../gomod/module-file.ts';
import { isCanonicalVersion } from '../gomod/module-path.ts';
import { publishedLines } from '../gomod/published-list.ts';
import { compareVersions } from '../gomod/semver.ts';
import { withoutVersions } from '../gomod/version-list.ts';
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
  const above = versionsOf(list.text).filter((version) => isAbove(version, certain));
  if (above.length === 0 || context.mirrors.poolSize(file) < 2) return kept;
  // go takes others from a list as well, such as v9.9.9+meta, which no database can know.
  const canonical = above.filter(isCanonicalVersion);
  let absent = 0;
  for (const version of canonical.slice(0, MAX_LOOKUPS)) {
    const check = await context.checks.check(file.module, version);
    if (check === 'exempt') return kept;
    if (check === 'known') return upTo(version, file, { ...list, confirmed: version }, context);
    if (check === 'unsure') break;
    absent += 1;
  }
  if (certain !== undefined && absent === canonical.length) return upTo(certain, file, kept, context);
  const other = await secondOpinion(file, list.mirror, via, context);
  const [others] = other === undefined ? [] : versionsOf(other.text);
  const highest = others !== undefined && isAbove(others, certain) ? others : certain;
  return highest === undefined ? kept : upTo(highest, file, kept, context);
}

/**
 * The answer to `@latest` that a mirror gave, or what the list says, where the checksum database does not know the
 * mirror's. Never rejects.
 */
export async function confirmLatest(
  file: Extract<ModuleFile, { kind: 'latest' }>,
  given: { readonly text: string; readonly mirror: string },
  context: ProxyContext,
): Promise<{ readonly text: string; readonly mirror: string }> {
  const { module } = file;
  const { version } = parseInfo(Buffer.from(given.text));
  if (!isCanonicalVersion(version) || context.mirrors.poolSize(file) < 2) return given;
  const { found } = await readAnswer({ kind: 'list', module }, context);
  if (found?.confirmed !== undefined && !isAbove(version, found.confirmed)) return given;
  const check = await context.checks.check(module, version);
  if (check === 'known' || check === 'exempt') return given;
  const listed = await context.latestListed(module).catch(() => undefined);
  if (listed === undefined || listed.version === version) return given;
  if (check === 'absent') context.checks.tellLeftOut(module, version, given.mirror);
  return { text: listed.text, mirror: listed.mirror };
}

/** The list without what is above `highest`. */
function upTo(
  highest: string,
  { module }: { readonly module: string },
  list: SettledList,
  { checks }: ProxyContext,
): SettledList {
  const above = versionsOf(list.text).filter((version) => isAbove(version, highest));
  for (const version of above.slice(0, MAX_LOOKUPS)) checks.tellLeftOut(module, version, list.mirror);
  return above.length === 0 ? list : { ...list, text: withoutVersions(list.text, new Set(above)) };
}

/** Those that are published, the highest first. */
function versionsOf(text: string): string[] {
  const versions = publishedLines(text)
    .split('\n')
    .map((line) => fieldsOf(line)[0] ?? '');
  return versions.filter((version) => version !== '').sort((a, b) => compareVersions(b, a));
}

function isAbove(version: string, other: string | undefined): boolean {
  return other === undefined || compareVersions(version, other) > 0;
}
