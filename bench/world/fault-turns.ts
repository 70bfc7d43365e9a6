import { setTimeout as sleep } from 'node:timers/promises';
import type { Turn } from '../../test/faults/rows/row.ts';
import type { Mirrors } from './mirrors.ts';

/** Mirrors that go bad and get well as a row of the table of faults says. */
export type TurnsUnderWay = {
  /** Ends it: all mirrors are good again. Idempotent. @throws what kept a mirror from its turn */
  end(): Promise<void>;
};

/** Takes the turns of a row: those at 0 before this resolves, the others in their time, until `end`. */
export async function beginTurns(turns: readonly Turn[], mirrors: Mirrors): Promise<TurnsUnderWay> {
  const ending = new AbortController();
  for (const turn of turns) if (turn.atMs === 0) await take(turn, mirrors);
  const later = turns
    .filter(({ atMs }) => atMs > 0)
    .map(async (turn) => {
      await sleep(turn.atMs, undefined, { signal: ending.signal }).catch(() => {});
      if (!ending.signal.aborted) await take(turn, mirrors);
    });
  // Whoever ends it hears of it.
  for (const each of later) each.catch(() => {});
  return {
    end: async () => {
      ending.abort();
      await Promise.all(later);
      await mirrors.clearFaults('all');
    },
  };
}

async function take({ mirrors: which, change }: Turn, mirrors: Mirrors): Promise<void> {
  const chosen = mirrors.urls
    .keys()
    .filter((mirror) => which === 'all' || (which === 'bad') === (mirror === 0));
  await Promise.all(
    chosen.map((mirror) =>
      change === 'good' ? mirrors.clearFaults(mirror) : mirrors.setFault(mirror, change.fault, change.scope),
    ),
  );
}
