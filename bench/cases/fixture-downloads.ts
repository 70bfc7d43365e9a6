import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FixtureModule } from '../../test/support/fixture-modules.ts';
import { filePath, layOut } from './warm-world.ts';

/** Writes modules as a GOMODCACHE has them, with the hashes of their zips, for the mirrors of bench/world. */
export function layOutDownloads(folder: string, modules: readonly FixtureModule[]): void {
  layOut(folder, modules);
  for (const module of modules)
    writeFileSync(join(folder, filePath(module, 'zip').replace(/zip$/, 'ziphash')), module.zipH1);
}
