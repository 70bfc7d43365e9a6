import type { Readings } from './readings.ts';

/** The mirrors of a look about whose lag nothing is known for now, by name. */
export type LagGaps = (mirrors: Readings['mirrors'], nowMs: number) => ReadonlySet<string>;

/**
 * How far a mirror lags is estimated anew by each Rondo, from nothing, and may be forgotten: `blindMs` after that it would
 * be above the limit again, if it is. Until then a lag that was told is neither seen nor over. Not for longer: of a mirror
 * that nobody measures, nothing would ever be over.
 */
export function createLagGaps(blindMs: number): LagGaps {
  const begun = new Map<string, { readonly atMs: number; readonly isKnown: boolean }>();
  return (mirrors, nowMs) => {
    const names = new Set(mirrors.map(({ name }) => name));
    for (const name of begun.keys()) if (!names.has(name)) begun.delete(name);
    for (const { name, syncLagMs } of mirrors) {
      const before = begun.get(name);
      const isKnown = syncLagMs !== undefined;
      const begins = before === undefined || (before.isKnown && !isKnown);
      begun.set(name, { atMs: begins ? nowMs : before.atMs, isKnown });
    }
    return new Set([...begun].flatMap(([name, { atMs }]) => (nowMs - atMs < blindMs ? [name] : [])));
  };
}
