import { rename } from 'node:fs/promises';
import { type Clock, sleep } from '../kit/clock.ts';
import { errnoOf } from './store-error.ts';

/** How long renames are retried on Windows: 1 + 2 + 4 + … ms, about half a second in all. */
const WINDOWS_RETRIES = 9;

/**
 * Whether a rename that failed with `errno` is worth another try, and after how many milliseconds;
 * `attempt` counts from 0. Only on Windows, where a scanner or reader that holds the file makes it fail
 * for a moment (as `cmd/internal/robustio.Rename` has it); elsewhere the same errno is final.
 */
export function renameRetryDelayMs(
  platform: NodeJS.Platform,
  errno: string | undefined,
  attempt: number,
): number | undefined {
  if (platform !== 'win32' || attempt >= WINDOWS_RETRIES) return undefined;
  return errno === 'EPERM' || errno === 'EBUSY' || errno === 'EACCES' ? 2 ** attempt : undefined;
}

/** The effect that tests replace. */
export type Rename = (from: string, to: string) => Promise<void>;

/** Renames `from` to `to`, replacing it, with this platform's retries. Rejects as fs.rename does. */
export async function renameWhole(
  from: string,
  to: string,
  platform: NodeJS.Platform,
  clock: Clock,
  effect: Rename = rename,
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await effect(from, to);
    } catch (error) {
      const delayMs = renameRetryDelayMs(platform, errnoOf(error), attempt);
      if (delayMs === undefined) throw error;
      await sleep(clock, delayMs);
    }
  }
}
