import { cpus, loadavg, release, totalmem } from 'node:os';
import { formatValue } from './format.ts';

/** What the numbers depend on, without anything that names the machine. */
export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** `linux x64, kernel 6.18`. */
  readonly system: string;
  /** That of the bench, and of Rondo in it. */
  readonly node: string;
};

/** This machine. */
export function thisMachine(): Machine {
  const all = cpus();
  const kernel = /^\d+\.\d+/.exec(release())?.[0] ?? '?';
  return {
    cpu: all[0]?.model.trim() || 'unknown',
    cores: all.length,
    memoryBytes: totalmem(),
    system: `${process.platform} ${process.arch}, kernel ${kernel}`,
    node: process.version,
  };
}

/** `2 cores of …, 8 GiB, linux x64, kernel 6.18, Node v26.0.0`. */
export function machineWords({ cpu, cores, memoryBytes, system, node }: Machine): string {
  return `${cores} cores of ${cpu}, ${formatValue(memoryBytes, 'bytes')}, ${system}, Node ${node}`;
}

/** Processes that wanted to run in the last 1, 5 and 15 minutes; zeros on Windows. */
export function loadAverages(): number[] {
  return loadavg().map((each) => Math.round(each * 100) / 100);
}
