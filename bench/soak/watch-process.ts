import { readFile } from 'node:fs/promises';
import { openFiles } from '../../test/faults/invariants.ts';
import { parseMemory } from '../frame/process-tree.ts';
import { socketsTo } from './sockets-to.ts';

/** What a process has at one moment, as /proc tells it. */
export type ProcessSample = {
  /** Since the watching began. */
  readonly atMs: number;
  readonly residentBytes: number;
  /** Open file descriptors, sockets among them. */
  readonly files: number;
  readonly sockets: number;
  /** Of the sockets, those to the mirrors. */
  readonly toMirrors: number;
  readonly threads: number;
};

const EVERY_MS = 1000;

/** Looks now; the mirrors are at these TCP ports. @throws where there is no such process, or no /proc */
export async function lookAt(
  pid: number,
  mirrorPorts: ReadonlySet<number>,
): Promise<Omit<ProcessSample, 'atMs'>> {
  const [status, { paths, sockets }] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    openFiles(pid),
  ]);
  return {
    residentBytes: parseMemory(status).residentBytes,
    files: paths.length,
    sockets,
    toMirrors: await socketsTo(pid, paths, mirrorPorts),
    threads: Number(/^Threads:\s+(\d+)$/m.exec(status)?.[1] ?? 0),
  };
}

/** Who looks again and again. */
export type Watch = {
  /** What was seen until now; a process that has ended is seen no more. */
  readonly samples: readonly ProcessSample[];
  end(): void;
};

/** Looks every second, or as often as is said, until `end`. */
export function watchProcess(
  pid: number,
  mirrorPorts: ReadonlySet<number>,
  everyMs: number = EVERY_MS,
): Watch {
  const samples: ProcessSample[] = [];
  const startMs = performance.now();
  let isLooking = false;
  const look = async (): Promise<void> => {
    // One that takes longer than the time between two would be overtaken.
    if (isLooking) return;
    isLooking = true;
    const atMs = performance.now() - startMs;
    try {
      samples.push({ atMs, ...(await lookAt(pid, mirrorPorts)) });
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(() => void look().catch(() => {}), everyMs);
  return { samples, end: () => clearInterval(timer) };
}
