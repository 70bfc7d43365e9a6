import { execFile } from 'node:child_process';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Cleanup } from './temp-folder.ts';

const run = promisify(execFile);

/** A small disk of its own, in memory. */
export type SmallDisk = {
  readonly dir: string;
  /** Lets nobody write it any more, or lets all write it again. */
  remount(mode: 'ro' | 'rw'): Promise<void>;
};

/** Mounts a disk of `size` (as for tmpfs: `4m`) that goes with the test; needs the parts `linux` and `mount`. */
export async function smallDisk(t: Cleanup, size: string): Promise<SmallDisk> {
  const dir = await mkdtemp(join(tmpdir(), 'rondo-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', dir]);
  t.after(async () => {
    // Lazily: a file that is still open must not keep the test from ending.
    await run('umount', ['-l', dir]);
    await rmdir(dir);
  });
  return { dir, remount: async (mode) => void (await run('mount', ['-o', `remount,${mode}`, dir])) };
}
