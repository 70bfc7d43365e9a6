import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyFiles } from '../../test/e2e/bench.ts';
import { openContent, type MirrorContent } from '../world/mirror-files.ts';

/** What the mirrors of a soak carry, and clients compare with. */
export const SOAK_CONTENT: MirrorContent = { kind: 'made-modules' };

/** Names of the files of module versions in a copy that are not, byte for byte, what the mirrors have. */
export async function wrongFilesOf(cacheDir: string): Promise<string[]> {
  const content = await openContent(SOAK_CONTENT);
  const names = (await copyFiles(cacheDir)).filter((name) => /\/@v\/[^/]+\.(info|mod|zip)$/.test(name));
  const wrong: string[] = [];
  for (const name of names.toSorted()) {
    const { status, body } = await content.answer(`/${name}`);
    const found = await readFile(join(cacheDir, 'cache', 'download', name));
    if (status !== 200 || !found.equals(body)) wrong.push(name);
  }
  return wrong;
}
