import { setImmediate as nextRound, setTimeout as pause } from 'node:timers/promises';

/** Longer than three probes and a look of a real server, and less than the runner gives a file. */
const PATIENCE_MS = 120_000;
/** Most of it is a matter of some rounds of the event loop; who waits for longer leaves the machine to the others. */
const SPINS = 200;
const PAUSE_MS = 5;

/**
 * Resolves as soon as something holds that sockets, files or processes of this test bring about. Rejects with `what` did
 * not happen, where it never does.
 */
export async function happens(
  holds: () => boolean | Promise<boolean>,
  what: () => string = () => holds.toString(),
): Promise<void> {
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  for (let rounds = 1; !(await holds()); rounds += 1) {
    if (performance.now() > giveUpAtMs) throw new Error(`not after ${PATIENCE_MS / 1000} s: ${what()}`);
    await (rounds < SPINS ? nextRound() : pause(PAUSE_MS));
  }
}
