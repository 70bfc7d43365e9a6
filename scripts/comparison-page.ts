/** Prints docs/comparison.md from the newest comparison: `node scripts/comparison-page.ts > docs/comparison.md`. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { comparisonPage } from '../bench/faults/comparison-page.ts';
import { readFaultResults } from '../bench/faults/write-fault-results.ts';

const folder = join(import.meta.dirname, '..', 'bench', 'results');
const newest = readdirSync(folder)
  .filter((name) => /^\d{4}-\d\d-\d\d-faults\.json$/.test(name))
  .toSorted()
  .at(-1);
const results = newest === undefined ? undefined : readFaultResults(join(folder, newest));
process.stdout.write(comparisonPage(results));
