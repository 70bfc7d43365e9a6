import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeTree, type Cleanup } from './temp-folder.ts';

const run = promisify(execFile);

/** A file system of its own, in memory. */
export type SmallDisk = {
  readonly path: string;
  /** Makes it larger, or smaller as far as its content allows. */
  resize(sizeKiB: number): Promise<void>;
};

/** Mounts a disk of `sizeKiB` that goes with the test; needs the part `mount` (requirements.ts). */
export async function smallDisk(t: Cleanup, sizeKiB: number): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), 'rondo-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeKiB}k`, 'tmpfs', path]);
  t.after(async () => {
    // Lazy, so that it goes even where a test has failed in the middle of something.
    await run('umount', ['--lazy', path]);
    await removeTree(path);
  });
  return {
    path,
    resize: async (kib) => void (await run('mount', ['-o', `remount,size=${kib}k`, path])),
  };
}
