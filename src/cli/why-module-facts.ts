import type { AskableMirror, EachAnswer } from '../ask-each.ts';
import { parseInfo } from '../gomod/info.ts';
import { isCanonicalVersion } from '../gomod/module-path.ts';
import { isPseudoVersion } from '../gomod/pseudo-version.ts';
import { isVersionList, latestOf, parseVersionList } from '../gomod/version-list.ts';
import type { NotHad } from '../inquiry/facts.ts';
import type { HeldList } from '../inquiry/module-facts.ts';
import { notHad } from './why-facts.ts';
import { say, type Text } from '../words/text.ts';

/** The longest list of a real module is below 100 KiB. */
const MAX_LIST_BYTES = 4 * 1024 * 1024;
const MAX_LATEST_BYTES = 64 * 1024;
const LIMITS = { maxLines: 100_000 };

/** What a mirror lists of a module, by its `@v/list` and its `@latest`. Rejects with the signal's reason only. */
export async function versionsOfMirror(
  mirror: AskableMirror,
  module: string,
  signal: AbortSignal,
): Promise<{ readonly name: string } & (HeldList | NotHad)> {
  const { name } = mirror;
  const [list, latest] = await Promise.all([
    mirror.ask({ kind: 'list', module }, { maxBytes: MAX_LIST_BYTES }, signal),
    mirror.ask({ kind: 'latest', module }, { maxBytes: MAX_LATEST_BYTES }, signal),
  ]);
  return { name, ...factOf(readListAnswer(list), readLatestAnswer(latest)) };
}

type Read<Value> = { readonly kind: 'read'; readonly value: Value } | NotHad;

function factOf(list: Read<string>, latest: Read<string>): HeldList | NotHad {
  if (list.kind !== 'read' && latest.kind !== 'read') return worstOf(list, latest);
  const held = readList(
    list.kind === 'read' ? list.value : '',
    latest.kind === 'read' ? latest.value : undefined,
  );
  // A list without a version and no @latest: go finds nothing there.
  if (held.newest === undefined && latest.kind !== 'read') return latest;
  const trouble = [list, latest].flatMap(troubleIn)[0];
  return { kind: 'has', ...held, ...(trouble === undefined ? {} : { trouble }) };
}

/** A refusal says more than that it is not there, and a failure more than both: it may be there after all. */
function worstOf(...answers: readonly NotHad[]): NotHad {
  const [first = { kind: 'not-asked' } as const] = answers;
  return (
    answers.find(({ kind }) => kind === 'failed') ?? answers.find(({ kind }) => kind === 'refused') ?? first
  );
}

/** Where nothing is tagged there is no list, and where something is nobody needs @latest. */
function troubleIn(answer: Read<string>): (Text | string)[] {
  return answer.kind === 'failed' ? [answer.why] : [];
}

/** The versions of a list, without those of commits, and which of it all is the newest. Pure. */
export function readList(text: string, latest: string | undefined): Omit<HeldList, 'kind'> {
  const lines = parseVersionList(text, LIMITS);
  const tagged = lines.filter(({ version }) => !isPseudoVersion(version));
  const newest = latestOf(tagged)?.version ?? latest;
  return {
    versions: [...new Set(tagged.map(({ version }) => version))],
    ...(newest === undefined ? {} : { newest }),
    ...(latest === undefined ? {} : { latest }),
  };
}

function readListAnswer(answer: EachAnswer): Read<string> {
  if (answer.kind === 'other') return notHad(answer);
  if (answer.kind === 'large') return { kind: 'failed', why: say('@v/list is far too long') };
  const text = answer.bytes.toString('utf8');
  return isVersionList(text, LIMITS)
    ? { kind: 'read', value: text }
    : { kind: 'failed', why: say('@v/list is no list of versions') };
}

function readLatestAnswer(answer: EachAnswer): Read<string> {
  if (answer.kind === 'other') return notHad(answer);
  if (answer.kind === 'large') return { kind: 'failed', why: say('@latest is far too long') };
  try {
    const { version } = parseInfo(answer.bytes);
    if (isCanonicalVersion(version)) return { kind: 'read', value: version };
  } catch {
    // What it is instead does not matter.
  }
  return { kind: 'failed', why: say('@latest names no version') };
}
