import type { MirrorShown } from '../../src/api/answers.ts';

/** A mirror that is in another state than before. */
export type StateChange = { readonly mirror: string; readonly status: string };

/** What of the mirrors changed state from one answer to the next; nothing where there was none before. Pure. */
export function stateChanges(
  before: readonly MirrorShown[] | undefined,
  after: readonly MirrorShown[],
): StateChange[] {
  if (before === undefined) return [];
  const known = new Map(before.map(({ name, status }) => [name, status]));
  return after
    .filter(({ name, status }) => known.has(name) && known.get(name) !== status)
    .map(({ name, status }) => ({ mirror: name, status }));
}

/** At most one announcement in so long: screen readers read each to its end. */
const QUIET_MS = 4000;

/** Gathers changes, the last of each mirror, and tells them together, not more often than a listener can take. */
export function createAnnouncer(tell: (changes: readonly StateChange[]) => void): {
  add(changes: readonly StateChange[]): void;
} {
  const gathered = new Map<string, StateChange>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastMs = -Infinity;
  const flush = (): void => {
    timer = undefined;
    lastMs = performance.now();
    const changes = [...gathered.values()];
    gathered.clear();
    tell(changes);
  };
  return {
    add(changes) {
      for (const change of changes) gathered.set(change.mirror, change);
      if (gathered.size === 0 || timer !== undefined) return;
      timer = setTimeout(flush, Math.max(50, lastMs + QUIET_MS - performance.now()));
    },
  };
}
