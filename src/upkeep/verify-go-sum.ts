import { messageOf } from '../errors/rondo-error.ts';
import type { GoSum, GoSumEntry } from '../gomod/go-sum.ts';
import { storeKey } from '../gomod/store-key.ts';
import { runAtOnce } from '../kit/at-once.ts';
import { candidateOf } from '../proxy/version-file-plan.ts';
import { countProgress, type CopyWork } from './work.ts';

/** What the copy has of one line of a go.sum. */
export type GoSumLine = GoSumEntry & {
  readonly state: 'equal' | 'different' | 'missing' | 'unreadable';
  /** Of everything but `equal`. */
  readonly why?: string;
  /** The hash of what is held, where it could be hashed. */
  readonly found?: string;
};

/**
 * Hashes what the copy holds of every line of a go.sum, also of lines that contradict an earlier one, and of nothing
 * else: neither the checksum database nor what the copy has written down counts. In the order of the lines.
 * @throws the signal's reason
 */
export async function verifyGoSum({ entries, conflicts }: GoSum, work: CopyWork): Promise<GoSumLine[]> {
  const wanted = [...entries, ...conflicts];
  const count = countProgress(wanted.length, work);
  const lines: GoSumLine[] = [];
  await runAtOnce(
    wanted,
    work.atOnce,
    async (entry) => {
      const { sizeBytes, ...line } = await verifyLine(entry, work);
      lines.push({ ...entry, ...line });
      count(sizeBytes);
    },
    work.signal,
  );
  return lines.toSorted((a, b) => a.line - b.line);
}

type Found = Pick<GoSumLine, 'state' | 'why' | 'found'> & { readonly sizeBytes: number };

async function verifyLine(entry: GoSumEntry, { store, verifier, signal }: CopyWork): Promise<Found> {
  const { module, version, kind, h1 } = entry;
  const file = { kind, module, version } as const;
  try {
    const stored = await store.get(storeKey(file));
    if (stored === undefined) return { state: 'missing', why: 'not in the copy', sizeBytes: 0 };
    const { sizeBytes } = stored;
    const expectation = { kind: 'known', mod: h1, zip: h1 } as const;
    const verdict = await verifier.judge(file, await candidateOf(stored), expectation);
    if (verdict.kind === 'right') return { state: 'equal', sizeBytes };
    if (verdict.kind === 'unusable') return { state: 'different', why: verdict.why, sizeBytes };
    const { found } = verdict;
    const why = found === undefined ? verdict.why : 'its hash is another one';
    return { state: 'different', why, sizeBytes, ...(found === undefined ? {} : { found }) };
  } catch (error) {
    signal.throwIfAborted();
    return { state: 'unreadable', why: messageOf(error), sizeBytes: 0 };
  }
}
