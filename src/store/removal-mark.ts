import { appendFile, stat } from 'node:fs/promises';
import type { Clock } from '../kit/clock.ts';
import { createInTurn } from '../kit/in-turn.ts';
import { saysAbsent } from './store-error.ts';

/** How long memory is believed after a look, in milliseconds. */
const BELIEVED_MS = 1000;

/**
 * A mark that all processes which use one folder share: a file that grows by a byte with every removal, so
 * that its size counts them all. What one process has taken out of the copy, the others must not serve from
 * their memory for ever (`rondo cache rm` beside a running server).
 */
export type RemovalMark = {
  /** Whether somebody has looked less than a second ago: then memory may answer. */
  isFresh(): boolean;
  /** Looks, unless that was done less than a second ago. Never rejects: what cannot be read tells nothing. */
  look(): Promise<void>;
  /** Tells the others of a removal here that has happened. Rejects with the system's error. */
  tell(): Promise<void>;
};

/** The mark `path`; `onRemovals` is called as soon as a look finds removals of others. */
export function createRemovalMark(path: string, clock: Clock, onRemovals: () => void): RemovalMark {
  const turns = createInTurn();
  let lookedAtMs = -Infinity;
  /** Removals as of the last look, with our own since then; unknown before the first one. */
  let seen: number | undefined;
  const isFresh = (): boolean => clock.now() - lookedAtMs < BELIEVED_MS;
  return {
    isFresh,
    look: () =>
      turns.run('', async () => {
        if (isFresh()) return;
        // From before the look: a removal while it goes on is found by the next one.
        const startedMs = clock.now();
        const count = await countOf(path);
        if (count !== undefined) {
          if (seen !== undefined && count !== seen) onRemovals();
          seen = count;
        }
        lookedAtMs = startedMs;
      }),
    tell: () =>
      turns.run('', async () => {
        await appendFile(path, '.');
        if (seen !== undefined) seen += 1;
      }),
  };
}

async function countOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    return saysAbsent(error) ? 0 : undefined;
  }
}
