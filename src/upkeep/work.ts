import type { Emit } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import type { TrustedFiles } from '../proxy/trusted-files.ts';
import type { DiskStore } from '../store/disk-store.ts';
import type { Spool } from '../store/spool.ts';
import type { Verifier } from '../verify/verifier.ts';

/** How far a piece of work is. */
export type Progress = {
  /** Files that are done with. */
  readonly done: number;
  /** Of how many. */
  readonly total: number;
  /** Bytes of the files that are done with. */
  readonly bytes: number;
};

/** What work over the copy is done with. A server may use the same folder all the while. */
export type CopyWork = {
  readonly store: DiskStore;
  readonly trusted: TrustedFiles;
  /** Hashes zips in its threads. */
  readonly verifier: Verifier;
  readonly newSpool: () => Spool;
  /** The checksum databases that clients may ask for, with the keys that sign them. */
  readonly databases: readonly { readonly name: string; readonly key: string }[];
  readonly emit: Emit;
  readonly clock: Clock;
  /** How many files at once. */
  readonly atOnce: number;
  /** Aborts on Ctrl-C: the file under way is brought to its end or leaves no trace. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
};

/** Counts files as they are done with, and tells it. */
export function countProgress(total: number, { onProgress }: CopyWork): (bytes: number) => void {
  let done = 0;
  let sum = 0;
  onProgress({ done, total, bytes: 0 });
  return (bytes) => {
    done += 1;
    sum += bytes;
    onProgress({ done, total, bytes: sum });
  };
}
