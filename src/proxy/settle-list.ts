import { BodyError } from '../mirrors/answer.ts';
import type { ModuleFile } from '../gomod/module-file.ts';
import { isVersionList, linesMissing } from '../gomod/version-list.ts';
import type { FoundAnswer } from './answer-record.ts';
import type { ProxyContext } from './context.ts';
import { LIST_LIMITS, MAX_BYTES } from './settings.ts';

type ListFile = Extract<ModuleFile, { kind: 'list' }>;

/** A list as it is to be given. */
export type SettledList = {
  readonly text: string;
  readonly mirror: string;
  /** Since when mirrors' lists have lacked some of it, Unix milliseconds. */
  readonly backwardSinceMs?: number;
};

/** A second opinion is worth this wait. */
const OPINION_MS = 3000;

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

/** The list of any other mirror; undefined where none gives one in time. */
async function secondOpinion(
  file: ListFile,
  mirror: string,
  via: string | undefined,
  { mirrors, clock, signal }: ProxyContext,
): Promise<{ readonly text: string; readonly mirror: string } | undefined> {
  const question = { file, method: 'GET', maxBodyBytes: MAX_BYTES.list, except: new Set([mirror]) } as const;
  const incoming = via === undefined ? {} : { via };
  try {
    const found = await mirrors.ask(
      { ...question, ...incoming, deadlineAtMs: clock.now() + OPINION_MS },
      signal,
    );
    const timer = clock.after(OPINION_MS, () => found.cancel());
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of found.body) chunks.push(chunk);
    } catch (error) {
      if (!(error instanceof BodyError)) throw error;
      found.settle({ kind: 'broken', outcome: error.outcome, bytes: 0 });
      return undefined;
    } finally {
      timer.cancel();
    }
    const bytes = Buffer.concat(chunks);
    const text = bytes.toString('utf8');
    const isWhole = found.contentLength !== undefined || text.endsWith('\n');
    found.settle({ kind: 'complete', bytes: bytes.length });
    return isWhole && isVersionList(text, LIST_LIMITS) ? { text, mirror: found.mirror } : undefined;
  } catch {
    return undefined;
  }
}
