import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
/** What running, building and packing need. */
const PARTS = [
  'bin',
  'src',
  'scripts',
  'dashboard',
  'package.json',
  'tsconfig.json',
  'LICENSE',
  'README.md',
] as const;

/** This checkout with its installed packages in `folder`, so that building in it leaves no trace here. */
export async function copyCheckout(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const part of PARTS) await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}
