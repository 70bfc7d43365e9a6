import type { GoSum, GoSumEntry } from '../gomod/go-sum.ts';
import { storeKey } from '../gomod/store-key.ts';
import { runAtOnce } from '../kit/at-once.ts';
import { candidateOf } from '../proxy/version-file-plan.ts';
import { saidByVerifier, saidOf, type Said } from './said.ts';
import { countProgress, type CopyWork } from './work.ts';
import { say } from '../words/text.ts';

/** What the copy has of one line of a go.sum. */
export type GoSumLine = GoSumEntry & {
  readonly state: 'equal' | 'different' | 'missing' | 'unreadable';
  /** Of everything but `equal`. */
  readonly why?: Said;
  /** The hash of what is held, where it could be hashed. */
  readonly found?: string;
};

/**
 * Hashes what the copy holds of every line of a go.sum, also of lines that contradict an earlier one, and of nothing
 * else: neither the checksum database nor what the copy has written down counts. Each file is hashed once, however many
 * lines are about it; for one that cannot be hashed, or is odd, only the first of them could find it equal. In the order
 * of the lines.
 * @throws the signal's reason
 */
export async function verifyGoSum({ entries, conflicts }: GoSum, work: CopyWork): Promise<GoSumLine[]> {
  const wanted = [...entries, ...conflicts];
  const count = countProgress(wanted.length, work);
  const lines: GoSumLine[] = [];
  await runAtOnce(
    byFile(wanted),
    work.atOnce,
    async (entriesOfFile) => {
      const { sizeBytes, compare } = await hashFile(entriesOfFile[0], work);
      for (const [nth, entry] of entriesOfFile.entries()) {
        lines.push({ ...entry, ...compare(entry.h1) });
        count(nth === 0 ? sizeBytes : 0);
      }
    },
    work.signal,
  );
  return lines.toSorted((a, b) => a.line - b.line);
}

type OfFile = [GoSumEntry, ...GoSumEntry[]];

function byFile(entries: readonly GoSumEntry[]): Iterable<OfFile> {
  const files = new Map<string, OfFile>();
  for (const entry of entries) {
    const key = storeKey(entry);
    const known = files.get(key);
    if (known === undefined) files.set(key, [entry]);
    else known.push(entry);
  }
  return files.values();
}

type Line = Pick<GoSumLine, 'state' | 'why' | 'found'>;

/** What is held of a file: how large it is, and what a line with that hash is then. */
type Held = { readonly sizeBytes: number; readonly compare: (h1: string) => Line };

async function hashFile(
  { module, version, kind, h1 }: GoSumEntry,
  { store, verifier, signal }: CopyWork,
): Promise<Held> {
  const file = { kind, module, version } as const;
  const always = (line: Line, sizeBytes = 0): Held => ({ sizeBytes, compare: () => line });
  try {
    const stored = await store.get(storeKey(file));
    if (stored === undefined) return always({ state: 'missing', why: say('not in the copy') });
    const { sizeBytes } = stored;
    const expectation = { kind: 'known', mod: h1, zip: h1 } as const;
    const verdict = await verifier.judge(file, await candidateOf(stored), expectation);
    const hashed = (found: string): Held => ({ sizeBytes, compare: (wanted) => lineOf(wanted, found) });
    if (verdict.kind === 'right') return hashed(h1);
    if (verdict.kind === 'wrong' && verdict.found !== undefined) return hashed(verdict.found);
    return always({ state: 'different', why: saidByVerifier(verdict.why) }, sizeBytes);
  } catch (error) {
    signal.throwIfAborted();
    return always({ state: 'unreadable', why: saidOf(error) });
  }
}

function lineOf(wanted: string, found: string): Line {
  if (wanted === found) return { state: 'equal' };
  return { state: 'different', why: say('its hash is another one'), found };
}
