/**
 * Loaded before a program (`--import`): each write to an open file takes RONDO_TEST_WRITE_MS longer, each sync five times
 * as much, as on a disk that others wear out.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const writeMs = Number(process.env['RONDO_TEST_WRITE_MS']);

async function slowDown(): Promise<void> {
  const handle = await open(fileURLToPath(import.meta.url));
  // node does not export the class.
  const methods = Object.getPrototypeOf(handle) as Record<string, (...args: unknown[]) => Promise<unknown>>;
  await handle.close();
  for (const name of ['write', 'writeFile', 'sync', 'datasync'] satisfies (keyof FileHandle)[]) {
    const real = methods[name];
    if (real === undefined) continue;
    methods[name] = async function slow(this: FileHandle, ...args: unknown[]) {
      await sleep(name.startsWith('write') ? writeMs : 5 * writeMs);
      return Reflect.apply(real, this, args);
    };
  }
}

if (writeMs > 0) await slowDown();
