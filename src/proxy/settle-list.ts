import type { ModuleFile } from '../gomod/module-file.ts';
import { isVersionList, linesMissing } from '../gomod/version-list.ts';
import type { FoundAnswer } from './answer-record.ts';
import type { ProxyContext } from './context.ts';
import { secondOpinion } from './second-opinion.ts';
import { LIST_LIMITS } from './settings.ts';

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

/**
 * What is to be given for the list that a mirror gave (selection.md, "Mirrors disagree"). One without versions, or
 * without some that were known, gets a second opinion: a mirror may lag, or have lost its mind. What nobody has any
 * more is kept for `listHoldMs`, because a build must not lose a version that it has just chosen. Never rejects.
 */
export async function settleList(
  file: ListFile,
  given: { readonly text: string; readonly mirror: string },
  known: FoundAnswer | undefined,
  via: string | undefined,
  context: ProxyContext,
): Promise<SettledList> {
  const lacks = (text: string): readonly string[] =>
    known === undefined ? [] : linesMissing(known.text, text);
  const isDoubtful = given.text.trim() === '' || lacks(given.text).length > 0;
  if (!isDoubtful) return given;
  const other = await secondOpinion(file, given.mirror, via, context);
  const better =
    other !== undefined && other.text.trim() !== '' && lacks(other.text).length <= lacks(given.text).length;
  const list = better ? other : given;
  const nowMs = context.clock.wallMs();
  if (better && known !== undefined && lacks(other.text).length < lacks(given.text).length)
    context.mirrors.tellBehind(given.mirror, Math.max(0, nowMs - known.atMs));
  const gone = lacks(list.text);
  if (gone.length === 0) return list;
  const backwardSinceMs = Math.min(known?.backwardSinceMs ?? nowMs, nowMs);
  if (nowMs - backwardSinceMs >= context.settings.listHoldMs) return list;
  const end = list.text === '' || list.text.endsWith('\n') ? '' : '\n';
  const text = `${list.text}${end}${gone.join('\n')}\n`;
  // Together they may be more than any list may have.
  return isVersionList(text, LIST_LIMITS) ? { ...list, text, backwardSinceMs } : list;
}
