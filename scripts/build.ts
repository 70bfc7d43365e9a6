/** `npm run build`: the published form of Rondo in dist/. `--smoke` also installs and starts it. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleRondo } from './building/bundle.ts';
import { buildDashboard } from './building/dashboard.ts';

const root = join(import.meta.dirname, '..');
const outFolder = join(root, 'dist');

rmSync(outFolder, { recursive: true, force: true });
const { files } = await bundleRondo(root, outFolder);
for (const { path, sizeBytes } of files)
  process.stdout.write(`${path}  ${Math.round(sizeBytes / 1024)} KiB\n`);
for (const { path, compressedBytes } of await buildDashboard(root, join(outFolder, 'dashboard')))
  process.stdout.write(`dist/dashboard/${path}  ${(compressedBytes / 1000).toFixed(1)} kB compressed\n`);

if (process.argv.includes('--smoke')) {
  const { smokeTest } = await import('./building/smoke.ts');
  await smokeTest(root, outFolder);
  process.stdout.write('the bundle serves a module\n');
}
