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
  /** Bytes that have come, or were read. */
  readonly bytes: number;
  /** How many more come of the files under way, as they say, and of the large ones to come, if those are like the others. */
  readonly comingBytes?: number;
  /** Of most of the large files it is not known how large they are: nobody can say how long they take. */
  readonly isOpen?: true;
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

/** Counts files of which bytes come one after the other, and tells it. */
export type FileCount = {
  /** A file is begun: what is returned hears how many bytes of it have come, and of how many, if that is known. */
  begin(isLarge?: boolean): (bytes: number, ofBytes: number | undefined) => void;
  /** A file is done with; `bytes` of it came in all. */
  end(began: ReturnType<FileCount['begin']>, bytes: number): void;
};

/**
 * As countProgress, for files that take their time. `large` of them are begun as large ones: what they have yet to bring
 * is reckoned from those of which the size is known.
 */
export function countFiles(total: number, { onProgress }: CopyWork, large = 0): FileCount {
  type Came = { bytes: number; ofBytes: number; readonly isLarge: boolean };
  const underWay = new Map<ReturnType<FileCount['begin']>, Came>();
  let done = 0;
  let sum = 0;
  let toBegin = large;
  const ended = { files: 0, bytes: 0 };
  const tell = (): void => {
    let bytes = sum;
    let comingBytes = 0;
    const known = { ...ended };
    // Begun, and nobody has said yet of how many bytes.
    let unsized = toBegin;
    for (const each of underWay.values()) {
      bytes += each.bytes;
      comingBytes += Math.max(0, each.ofBytes - each.bytes);
      if (!each.isLarge) continue;
      if (each.ofBytes === 0) unsized += 1;
      else {
        known.files += 1;
        known.bytes += each.ofBytes;
      }
    }
    if (unsized > 0 && known.files > 0) comingBytes += (unsized * known.bytes) / known.files;
    // A few say little of many: the largest may be among those.
    const isOpen = unsized > known.files;
    onProgress({ done, total, bytes, comingBytes, ...(isOpen ? { isOpen } : {}) });
  };
  tell();
  return {
    begin(isLarge = false) {
      const came: Came = { bytes: 0, ofBytes: 0, isLarge };
      if (isLarge) toBegin -= 1;
      const began = (bytes: number, ofBytes = 0): void => {
        Object.assign(came, { bytes, ofBytes });
        tell();
      };
      underWay.set(began, came);
      return began;
    },
    end(began, bytes) {
      const isLarge = underWay.get(began)?.isLarge === true;
      underWay.delete(began);
      // One that could not be had says nothing of the others.
      if (isLarge && bytes > 0) {
        ended.files += 1;
        ended.bytes += bytes;
      }
      done += 1;
      sum += bytes;
      tell();
    },
  };
}

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
