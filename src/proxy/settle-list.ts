import { fieldsOf } from '../gomod/fields.ts';
import { highestOf } from '../gomod/highest-versions.ts';
import type { ModuleFile } from '../gomod/module-file.ts';
import { parseVersion } from '../gomod/semver.ts';
import { isVersionList, linesMissing } from '../gomod/version-list.ts';
import { ownText } from '../kit/own-text.ts';
import type { FoundAnswer } from './answer-record.ts';
import type { ProxyContext } from './context.ts';
import { secondOpinion } from './second-opinion.ts';
import { LIST_LIMITS, MAX_BYTES } from './settings.ts';

type ListFile = Extract<ModuleFile, { kind: 'list' }>;

/** A list as it is to be given. */
export type SettledList = {
  readonly text: string;
  readonly mirror: string;
  /** Since when mirrors' lists have lacked some of it, Unix milliseconds. */
  readonly backwardSinceMs?: number;
  /** The highest version of which it is certain that it exists. */
  readonly confirmed?: string;
};

/** So many of the versions that a list lacks are looked up, before its mirror is said to be behind. */
const MAX_LOOKUPS = 4;

/**
 * What is to be given for the list that a mirror gave (selection.md, "Mirrors disagree"). One without versions, or
 * without some that were known, gets a second opinion: a mirror may lag, or have lost its mind. That gives back what
 * is missing and takes nothing away: whoever is asked second may be the one that lies. What nobody has any more is
 * kept for `listHoldMs`, because a build must not lose a version that it has just chosen. Never rejects.
 */
export async function settleList(
  file: ListFile,
  given: { readonly text: string; readonly mirror: string },
  known: FoundAnswer | undefined,
  via: string | undefined,
  context: ProxyContext,
): Promise<SettledList> {
  const missing = known === undefined ? [] : linesMissing(known.text, given.text);
  const isEmpty = given.text.trim() === '';
  if (!isEmpty && missing.length === 0) return given;
  const other = await secondOpinion(file, given.mirror, via, context);
  // Where nothing was given there is nothing to lose.
  const list = isEmpty && other !== undefined && other.text.trim() !== '' ? other : given;
  const gone = new Set(other === undefined ? missing : linesMissing(missing.join('\n'), other.text));
  const had = missing.filter((line) => !gone.has(line));
  if (known !== undefined) void tellBehind(file, given.mirror, had, known.atMs, context);
  const whole = list === given ? withLines(list, had) : list;
  if (gone.size === 0) return whole;
  const nowMs = context.clock.wallMs();
  const backwardSinceMs = Math.min(known?.backwardSinceMs ?? nowMs, nowMs);
  if (nowMs - backwardSinceMs >= context.settings.listHoldMs) return whole;
  const held = withLines(whole, [...gone]);
  return held === whole ? whole : { ...held, backwardSinceMs };
}

/** The list with these lines below its own; as it was where together they are more than any list may have. */
function withLines(list: SettledList, lines: readonly string[]): SettledList {
  if (lines.length === 0) return list;
  const end = list.text === '' || list.text.endsWith('\n') ? '' : '\n';
  const text = `${list.text}${end}${lines.join('\n')}\n`;
  return isVersionList(text, LIST_LIMITS) && text.length <= MAX_BYTES.list ? { ...list, text } : list;
}

/**
 * Says that `mirror` is behind by a version that others have listed since `sinceMs`, but not for one that a liar may
 * have made up: the checksum database must know it. Never rejects.
 */
async function tellBehind(
  { module }: ListFile,
  mirror: string,
  lines: readonly string[],
  sinceMs: number,
  { checks, mirrors, clock }: ProxyContext,
): Promise<void> {
  const versions = lines.flatMap((line) => parseVersion(fieldsOf(line)[0] ?? '') ?? []);
  for (const { text } of highestOf(versions, MAX_LOOKUPS)) {
    if ((await checks.check(module, ownText(text))) !== 'known') continue;
    return mirrors.tellBehind(mirror, Math.max(0, clock.wallMs() - sinceMs));
  }
}
