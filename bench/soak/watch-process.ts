import { readFile } from 'node:fs/promises';
import { openFiles } from '../../test/faults/invariants.ts';
import { parseMemory } from '../frame/process-tree.ts';

/** What a process has at one moment, as /proc tells it. */
export type ProcessSample = {
  /** Since the watching began. */
  readonly atMs: number;
  readonly residentBytes: number;
  /** Open file descriptors, sockets among them. */
  readonly files: number;
  readonly sockets: number;
  readonly threads: number;
};

const EVERY_MS = 1000;

/** Looks now. @throws where there is no such process, or no /proc */
export async function lookAt(pid: number): Promise<Omit<ProcessSample, 'atMs'>> {
  const [status, { paths, sockets }] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    openFiles(pid),
  ]);
  return {
    residentBytes: parseMemory(status).residentBytes,
    files: paths.length,
    sockets,
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
export function watchProcess(pid: number, everyMs: number = EVERY_MS): Watch {
  const samples: ProcessSample[] = [];
  const startMs = performance.now();
  const look = async (): Promise<void> => {
    const atMs = performance.now() - startMs;
    samples.push({ atMs, ...(await lookAt(pid)) });
  };
  const timer = setInterval(() => void look().catch(() => {}), everyMs);
  return { samples, end: () => clearInterval(timer) };
}
