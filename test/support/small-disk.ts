import { execFile } from 'node:child_process';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Cleanup } from './temp-folder.ts';

const run = promisify(execFile);

/** A small disk of its own, in memory. */
export type SmallDisk = {
  readonly path: string;
  /** Makes it larger, or smaller as far as its content allows. */
  resize(sizeKiB: number): Promise<void>;
  /** Lets nobody write it any more, or lets all write it again. */
  remount(mode: 'ro' | 'rw'): Promise<void>;
};

/** Mounts a disk of `sizeKiB` that goes with the test; needs the part `mount` (requirements.ts). */
export async function smallDisk(t: Cleanup, sizeKiB: number): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), 'rondo-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeKiB}k`, 'tmpfs', path]);
  t.after(async () => {
    // Lazily: a file that is still open must not keep the test from ending.
    await run('umount', ['-l', path]);
    await rmdir(path);
  });
  const remount = async (option: string): Promise<void> =>
    void (await run('mount', ['-o', `remount,${option}`, path]));
  return { path, remount, resize: (kib) => remount(`size=${kib}k`) };
}
