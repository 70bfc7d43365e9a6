import { readFile } from 'node:fs/promises';

/** Whether a process has ended: one that was killed may wait for its parent to look. */
export async function isGone(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat === undefined || / [ZX] /.test(stat);
}
