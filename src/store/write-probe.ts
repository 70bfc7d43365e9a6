import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import { inTime, LATE } from '../kit/in-time.ts';
import { ownFileName } from './own-file-name.ts';
import { explain } from './store-error.ts';
import { say, type Text } from '../words/text.ts';

/** A disk that takes longer than this for a block is as good as none. */
const LIMIT_MS = 2_000;

/** Writes and removes a block: making an empty file succeeds on a full disk. Rejects with the system's error. */
export async function tryToWrite(folder: string): Promise<void> {
  const path = join(folder, ownFileName());
  const handle = await open(path, 'wx', 0o644);
  try {
    await handle.writeFile(Buffer.alloc(4096));
  } finally {
    await handle.close();
    await unlink(path);
  }
}

/**
 * Says why `attempt` fails now, in words without paths; `undefined` where it does not. Never rejects, and waits
 * 2 s at the most. Callers share an attempt: on a disk that hangs, each one holds a thread.
 */
export function createWriteProbe(
  attempt: () => Promise<void>,
  clock: Clock,
): () => Promise<Text | string | undefined> {
  let running: Promise<Text | string | undefined> | undefined;
  const begin = (): Promise<Text | string | undefined> =>
    attempt()
      .then(
        () => undefined,
        (error: unknown) => explain(error).says,
      )
      .finally(() => (running = undefined));
  return async () => {
    running ??= begin();
    const why = await inTime(running, LIMIT_MS, clock);
    return why === LATE ? say('the disk does not answer') : why;
  };
}
