import { besideBytes } from '../store/budget.ts';
import type { CollectPreview } from '../store/collect-preview.ts';
import type { CollectGoal, Collected } from '../store/collector.ts';
import type { CopyTotals } from '../store/index-row.ts';
import type { Swept } from '../store/sweep.ts';
import type { CopyWork } from './work.ts';

/** What was given up, and what the copy has now. */
export type Garbage = Collected & {
  readonly totals: CopyTotals | undefined;
  /** What killed processes had left unfinished, and is gone since the copy was opened. */
  readonly leftovers: Swept;
};

/**
 * Makes the copy as small as `goal` says, those files first that nobody has asked for longest; none that Rondo did not
 * write, is pinned, is being read, or was asked for in the last seconds; the mirrors' answers and the checksum records
 * that no file needs to their own bounds for that size. The index is compared with the folder first,
 * so that what other programs have put there counts as it should.
 * @throws the signal's reason
 */
export async function collectGarbage(goal: CollectGoal, { store, signal }: CopyWork): Promise<Garbage> {
  await store.index.compare('now');
  signal.throwIfAborted();
  // Between two files, so that nothing is left half done.
  const stop = (): void => void store.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const collected = await store.collect(goal);
    let { files, bytes } = collected;
    for (const beside of goalsBeside(goal)) {
      signal.throwIfAborted();
      const more = await store.collect(beside);
      files += more.files;
      bytes += more.bytes;
    }
    signal.throwIfAborted();
    return { ...collected, files, bytes, leftovers: await store.tidied, totals: await store.index.totals() };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** What that would give up; nothing is removed. */
export async function previewGarbage(goal: CollectGoal, { store }: CopyWork): Promise<CollectPreview> {
  await store.index.compare('now');
  const preview = await store.preview(goal);
  const files = [...preview.files];
  let { bytes } = preview;
  for (const beside of goalsBeside(goal)) {
    const more = await store.preview(beside);
    files.push(...more.files);
    bytes += more.bytes;
  }
  return { ...preview, files, bytes };
}

/** That less of those is left than may be is no finding: what is left is needed. */
function goalsBeside({ maxBytes }: CollectGoal): CollectGoal[] {
  if (maxBytes === undefined) return [];
  return (['answers', 'records'] as const).map((keeping) => ({ keeping, maxBytes: besideBytes(maxBytes) }));
}
