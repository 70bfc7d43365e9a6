import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { emptyLogs } from '../cases/warm-world.ts';
import type { RunningSubject } from '../frame/types.ts';
import { beginTurns } from '../world/fault-turns.ts';
import type { Mirrors } from '../world/mirrors.ts';
import { askedIn } from '../world/traffic.ts';
import { spellWords } from './spell-figures.ts';
import type { Spell } from './soak-plan.ts';

/** Who has the spells, and until when. */
export type Spelling = {
  readonly mirrors: Mirrors;
  /** Its logs would fill the disk. */
  readonly running: RunningSubject;
  readonly progress: (words: string) => void;
  readonly signal: AbortSignal;
};

/**
 * Lets the mirrors go bad and get well as planned, until `signal`; after that all are good. How many files they were asked
 * for meanwhile.
 */
export async function haveSpells(plan: readonly Spell[], spelling: Spelling): Promise<number> {
  const { mirrors, running, progress, signal } = spelling;
  const startMs = performance.now();
  const until = async (atMs: number): Promise<void> => {
    const waitMs = Math.max(0, atMs - (performance.now() - startMs));
    await sleep(waitMs, undefined, { signal }).catch(() => {});
  };
  let attempts = 0;
  for (const spell of plan) {
    await until(spell.fromMs);
    if (signal.aborted) break;
    progress(`${clock(spell.fromMs)} ${spellWords(spell)}`);
    const turns = await beginTurns(spell.turns, seenFrom(mirrors, spell.bad));
    if (spell.second !== undefined) await mirrors.setFault(spell.second.mirror, spell.second.fault);
    await until(spell.toMs);
    await turns.end();
    attempts += await filesAsked(mirrors);
    emptyLogs(running);
  }
  if (!signal.aborted) await once(signal, 'abort');
  return attempts + (await filesAsked(mirrors));
}

/** Mirrors of which the bad one is the first, as in a row. */
function seenFrom(mirrors: Mirrors, bad: number): Mirrors {
  const own = (mirror: number | 'all'): number | 'all' =>
    mirror === 'all' ? mirror : (mirror + bad) % mirrors.urls.length;
  return {
    ...mirrors,
    setFault: (mirror, fault, scope) => mirrors.setFault(own(mirror), fault, scope),
    clearFaults: (mirror) => mirrors.clearFaults(own(mirror)),
  };
}

/** What is taken is forgotten: a log of all would not fit. The checksum database does not count, as in the rows. */
async function filesAsked(mirrors: Mirrors): Promise<number> {
  return askedIn(await mirrors.takeTraffic()).filter(({ path }) => !path.startsWith('/sumdb/')).length;
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
