/**
 * Builds the dashboard into dist/dashboard. `--if-older`, before `npm start`: only if a source is newer, and Rondo starts without
 * a page if it does not build.
 */
import { join } from 'node:path';
import { buildDashboard, isFresh } from './building/dashboard.ts';

const root = join(import.meta.dirname, '..');
const outFolder = join(root, 'dist', 'dashboard');
const ifOlder = process.argv.includes('--if-older');

try {
  if (!ifOlder || !isFresh(root, outFolder)) {
    const files = await buildDashboard(root, outFolder);
    const bytes = files.reduce((sum, { compressedBytes }) => sum + compressedBytes, 0);
    if (!ifOlder)
      for (const { path, compressedBytes } of files)
        process.stdout.write(
          `dist/dashboard/${path}  ${(compressedBytes / 1000).toFixed(1)} kB compressed\n`,
        );
    process.stderr.write(`the dashboard is built, ${(bytes / 1000).toFixed(1)} kB compressed\n`);
  }
} catch (error) {
  if (!ifOlder) throw error;
  process.stderr.write(`the dashboard does not build: ${String(error)}\n`);
}
