import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Accounting, Usage } from './types.ts';

/** One process as /proc/PID/stat tells it (proc(5)). */
export type ProcessStat = {
  readonly pid: number;
  readonly parent: number;
  /** User and system time of itself and of ended children it has waited for, in clock ticks. */
  readonly cpuTicks: number;
};

/** Reads /proc/PID/stat. Undefined where it is no such line. A program's name may contain anything, `) ` too. */
export function parseStat(text: string): ProcessStat | undefined {
  const end = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  const fields = text
    .slice(end + 1)
    .trim()
    .split(' ');
  // After the name: state, ppid, …; utime, stime, cutime, cstime are fields 14 to 17 of the line.
  const [parent, ...ticks] = [fields[1], ...fields.slice(11, 15)].map(Number);
  if (end === -1 || parent === undefined || ticks.length !== 4) return undefined;
  const cpuTicks = ticks.reduce((sum, each) => sum + each, 0);
  return [pid, parent, cpuTicks].every(Number.isFinite) ? { pid, parent, cpuTicks } : undefined;
}

/** Reads VmHWM and VmRSS of /proc/PID/status, in bytes; 0 where a line is missing (kernel threads, zombies). */
export function parseMemory(text: string): { readonly peakBytes: number; readonly residentBytes: number } {
  const kib = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
  return { peakBytes: kib('VmHWM') * 1024, residentBytes: kib('VmRSS') * 1024 };
}

/** `root` and everything below it. */
export function treeOf<T extends Pick<ProcessStat, 'pid' | 'parent'>>(all: readonly T[], root: number): T[] {
  const byParent = Map.groupBy(all, ({ parent }) => parent);
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...(byParent.get(pid) ?? []));
  return tree;
}

/** Linux counts in hundredths of a second for programs, whatever the kernel's own clock (USER_HZ). */
const TICKS_PER_SECOND = 100;
const SAMPLE_MS = 500;

/**
 * Accounts for `pid` and all below it. Looks twice a second, so that the memory of children that end is
 * seen; one that lives shorter may be missed. `close` ends that.
 */
export function accountFor(pid: number): Accounting & { close(): void } {
  let peakBytes = 0;
  const look = (): Usage | undefined => {
    const tree = treeOf(allProcesses(), pid);
    if (tree.length === 0) return undefined;
    const memories = tree.map((each) => parseMemory(readProc(`${each.pid}/status`) ?? ''));
    peakBytes = Math.max(peakBytes, sum(memories.map((memory) => memory.peakBytes)));
    return {
      cpuSeconds: sum(tree.map(({ cpuTicks }) => cpuTicks)) / TICKS_PER_SECOND,
      peakBytes,
      residentBytes: sum(memories.map(({ residentBytes }) => residentBytes)),
    };
  };
  const timer = setInterval(look, SAMPLE_MS).unref();
  return {
    usage: look,
    resetPeak: () => {
      for (const each of treeOf(allProcesses(), pid)) resetHighWater(each.pid);
      peakBytes = 0;
    },
    close: () => clearInterval(timer),
  };
}

/** VmHWM falls to VmRSS (proc(5), clear_refs). */
function resetHighWater(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // It has ended, or the kernel was built without: then the peak is that since its start.
  }
}

function allProcesses(): ProcessStat[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names.flatMap((name) =>
    /^\d+$/.test(name) ? (parseStat(readProc(`${name}/stat`) ?? '') ?? []) : [],
  );
}

function readProc(name: string): string | undefined {
  try {
    return readFileSync(`/proc/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
