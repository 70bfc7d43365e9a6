import { readFile } from 'node:fs/promises';

/** Of systems that do not say it: what macOS gives a process at least. */
const UNKNOWN = 10_240;

/** How many files and connections this process may have open at once. Never rejects. */
export async function openFilesLimit(file = '/proc/self/limits'): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return openFilesIn(text) ?? UNKNOWN;
}

/** The soft limit of open files in the text of proc_pid_limits(5); undefined where it is not there. Pure. */
export function openFilesIn(limits: string): number | undefined {
  const soft = /^Max open files +(\d+|unlimited) /m.exec(limits)?.[1];
  if (soft === undefined) return undefined;
  return soft === 'unlimited' ? Infinity : Number(soft);
}
