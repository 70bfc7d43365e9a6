import type { Cleanup } from '../../test/support/temp-folder.ts';
import { startChild } from './child-program.ts';

/** Clients that ask for one file at the same time, each over a connection of its own. */
export type Crowd = {
  readonly url: string;
  readonly clients: number;
  /** What each must get, byte for byte: a file of this machine. */
  readonly expectedFile: string;
  /** Whoever has not everything by then has failed. */
  readonly limitMs: number;
};

/** What became of them. */
export type CrowdResult = {
  /** Got status 200 and exactly the expected bytes. */
  readonly served: number;
  /** What went wrong -> how often. */
  readonly errors: Readonly<Record<string, number>>;
  /** Until the last of them had ended. */
  readonly tookMs: number;
};

/** Sends a crowd out of a process of its own, and waits for all of them. */
export async function sendCrowd(crowd: Crowd, cleanup: Cleanup): Promise<CrowdResult> {
  const program = new URL('./crowd-child.ts', import.meta.url);
  const child = startChild<Crowd, CrowdResult>(program, cleanup);
  try {
    return await child.call(crowd);
  } finally {
    await child.stop();
  }
}
