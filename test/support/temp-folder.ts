import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What a test context offers here; the contexts of node:test fit. */
export type Cleanup = { after(fn: () => Promise<void>): void };

/** A fresh empty folder that goes with the test. */
export async function tempFolder(t: Cleanup, purpose = 'test'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `rondo-${purpose}-`));
  t.after(() => removeTree(folder));
  return folder;
}

/** A fresh folder with these files (name -> content; names may contain slashes) that goes with the test. */
export async function tempProject(t: Cleanup, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await tempFolder(t, 'project');
  for (const [name, content] of Object.entries(files)) {
    const target = join(folder, name);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
  return folder;
}

/**
 * Removes a folder and all below it, also the read-only folders of a GOMODCACHE, and while a program that is
 * about to end still writes there. A missing one is fine.
 */
export async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // go makes module folders read-only, and nothing can be unlinked in those.
    await makeWritable(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}
