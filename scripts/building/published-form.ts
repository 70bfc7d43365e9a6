import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { bundleRondo } from './bundle.ts';

/**
 * Bundles the checkout at `root` and lays it out in `folder` as npm would install it (package.json, bin, dist), but without
 * the dashboard. Resolves to its `bin/rondo.mjs`.
 */
export async function layOutPublishedForm(root: string, folder: string): Promise<string> {
  for (const part of ['package.json', 'bin'])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  await bundleRondo(root, join(folder, 'dist'));
  return join(folder, 'bin', 'rondo.mjs');
}
