import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { bundleRondo } from './bundle.ts';

/** Lays out in `folder` what npm would install of the checkout at `root`, but for its `dist`. Returns its `bin/rondo.mjs`. */
export function layOutPackage(root: string, folder: string): string {
  for (const part of ['package.json', 'bin'])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  return join(folder, 'bin', 'rondo.mjs');
}

/** The same with a bundle of the checkout in it, but without the dashboard. Resolves to its `bin/rondo.mjs`. */
export async function layOutPublishedForm(root: string, folder: string): Promise<string> {
  await bundleRondo(root, join(folder, 'dist'));
  return layOutPackage(root, folder);
}
