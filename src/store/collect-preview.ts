import { candidatesFor, shortageBytes, type CollectGoal, type CollectorSettings } from './collector.ts';
import { weightOf } from './index-row.ts';
import type { StoreKey } from './store.ts';

/** What would be given up. */
export type CollectPreview = {
  /** In the order in which they would go. */
  readonly files: readonly { readonly key: StoreKey; readonly sizeBytes: number }[];
  readonly bytes: number;
  /** As Collected has it. */
  readonly why: 'enough' | 'nothing-left' | 'no-index';
};

const SLICE = 1000;

/** What collecting for `goal` would give up now; nothing is removed. */
export async function previewCollect(
  goal: CollectGoal,
  settings: Pick<CollectorSettings, 'index' | 'freeBytes' | 'isSpared' | 'clock'>,
): Promise<CollectPreview> {
  const { index, isSpared, clock } = settings;
  await index.flush();
  const shortage = await shortageBytes(goal, settings);
  if (shortage === undefined) return { files: [], bytes: 0, why: 'no-index' };
  const files: { key: StoreKey; sizeBytes: number }[] = [];
  let bytes = 0;
  let after = { lastRequestS: -1, key: '' };
  const where = candidatesFor(goal, clock);
  while (bytes < shortage) {
    const query = { ...where, after, limit: SLICE };
    const candidates = await index.use((database) => database.candidates(query));
    if (candidates === undefined) return { files, bytes, why: 'no-index' };
    for (const { key, sizeBytes, lastRequestS, isNeeded } of candidates) {
      after = { lastRequestS, key };
      if (bytes >= shortage) break;
      if (isNeeded || isSpared(key) || index.lastTouchMs(key) !== undefined) continue;
      files.push({ key, sizeBytes });
      bytes += weightOf(where.keeping, { files: 1, bytes: sizeBytes });
    }
    if (candidates.length === 0) return { files, bytes, why: 'nothing-left' };
  }
  return { files, bytes, why: 'enough' };
}
