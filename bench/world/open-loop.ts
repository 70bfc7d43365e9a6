import type { Answered } from '../../test/faults/rows/figures.ts';
import type { Cleanup } from '../../test/support/temp-folder.ts';
import { startChild } from './child-program.ts';
import type { LatencySummary } from './latencies.ts';
import type { MirrorContent } from './mirror-files.ts';

/** A load whose requests come when they are due, whatever the server does. */
export type OpenLoop = {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Asked in this order, from the start again where there are fewer than arrivals. */
  readonly paths: readonly string[];
  readonly ratePerSecond: number;
  readonly durationMs: number;
  /** Of the arrivals; a 32-bit integer. */
  readonly seed: number;
  /**
   * `fresh`: each request opens a connection of its own; `kept`: as many as are needed at once, kept; `all`: `maxConnections`
   * of them, opened before the first request is due and used in turn, so that their number tells nothing of the server.
   */
  readonly connections: 'kept' | 'fresh' | 'all';
  /** At once at the most; requests wait for one, and that wait counts. Default: as many as are needed. */
  readonly maxConnections?: number;
  /** Trusted for TLS. */
  readonly caPem?: string;
  /**
   * What the files really are: each that comes is compared by SHA-256, a list by its lines. Without it what comes is thrown
   * away.
   */
  readonly content?: MirrorContent;
};

/** One request of a load. `right` is 200 and whole as HTTP has it, and what the content has where the load names one. */
export type OpenLoopAnswer = Answered & { readonly path: string };

/** What came of a load. */
export type OpenLoopResult = {
  /** As `epochMs` tells it; the answers' `dueMs` count from here. */
  readonly startedAtMs: number;
  /** Every request, in the order in which they ended. */
  readonly answers: readonly OpenLoopAnswer[];
  /** From the moment at which a request was due to its last byte; of those that were answered 200. */
  readonly latency: LatencySummary;
  /** How late the generator itself sent: where this is not small, the machine was too busy to measure. */
  readonly lag: LatencySummary;
  /** Latencies by suffix of the path (`mod`, `info`, `list`, …). */
  readonly byKind: Readonly<Record<string, LatencySummary>>;
  /** What went wrong -> how often. */
  readonly errors: Readonly<Record<string, number>>;
};

/** Runs a load out of a process of its own, to its end. Every answer must be 200 and whole. */
export async function runOpenLoop(load: OpenLoop, cleanup: Cleanup): Promise<OpenLoopResult> {
  const program = new URL('./open-loop-child.ts', import.meta.url);
  const child = startChild<OpenLoop, OpenLoopResult>(program, cleanup);
  try {
    return await child.call(load);
  } finally {
    await child.stop();
  }
}
