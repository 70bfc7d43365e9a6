import chromium from '@sparticuz/chromium';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The package does not let its package.json be imported. */
const MANIFEST = new URL('../../package.json', import.meta.resolve('@sparticuz/chromium'));
const { version } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { readonly version: string };

let found: Promise<string> | undefined;

/**
 * The Chromium of the npm package, unpacked once into the user's caches. Its own place would be the folder for temporary files,
 * where two test files that unpack at the same time would each start the half of it.
 */
export function chromiumPath(): Promise<string> {
  found ??= unpack();
  return found;
}

async function unpack(): Promise<string> {
  const caches = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rondo-tests');
  const folder = join(caches, `chromium-${version}`);
  const program = join(folder, 'chromium');
  if (existsSync(program)) return program;
  await mkdir(caches, { recursive: true });
  const own = await mkdtemp(join(caches, 'unpacking-'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = own;
  try {
    await chromium.executablePath();
    await rename(own, folder);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(program)) throw error;
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    await rm(own, { recursive: true, force: true });
  }
  return program;
}
