import { readFile } from 'node:fs/promises';

/** The most memory that a process of this machine has ever held, in MiB; Linux alone tells it (proc(5), VmHWM). */
export async function peakMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error(`process ${pid} tells no peak`);
  return Number(kib) / 1024;
}
