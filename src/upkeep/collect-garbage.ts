import type { CollectPreview } from '../store/collect-preview.ts';
import type { CollectGoal, Collected } from '../store/collector.ts';
import type { CopyTotals } from '../store/index-row.ts';
import type { CopyWork } from './work.ts';

/** What was given up, and what the copy has now. */
export type Garbage = Collected & { readonly totals: CopyTotals | undefined };

/**
 * Makes the copy as small as `goal` says, those files first that nobody has asked for longest; none that Rondo did not
 * write, is pinned, is being read, or was asked for in the last seconds. The index is compared with the folder first,
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
    signal.throwIfAborted();
    return { ...collected, totals: await store.index.totals() };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** What that would give up; nothing is removed. */
export async function previewGarbage(goal: CollectGoal, { store }: CopyWork): Promise<CollectPreview> {
  await store.index.compare('now');
  return store.preview(goal);
}
