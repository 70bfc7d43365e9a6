import { setTimeout as pause } from 'node:timers/promises';

/** Waits until something holds that another process brings about; throws after half a minute, which says what does not. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const giveUpAtMs = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > giveUpAtMs) throw new Error(`not after 30 s: ${what}`);
    await pause(20);
  }
}
