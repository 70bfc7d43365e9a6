import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultsChart } from './chart.ts';
import { resultsPage } from './page.ts';
import { mergeResults, type Results } from './results.ts';

/**
 * Writes `<date>.json`, `.md` and `.svg` into `folder` (made where missing), merged with what the JSON file
 * holds already. Quick results, which are not for keeping, go to `<date>-quick.*`. Returns what was written.
 * @throws Error where the file that is there cannot be read as results
 */
export function writeResults(folder: string, fresh: Results, quick: boolean): Results {
  mkdirSync(folder, { recursive: true });
  const stem = quick ? `${fresh.date}-quick` : fresh.date;
  const file = join(folder, `${stem}.json`);
  const merged = mergeResults(readResults(file), fresh);
  writeFileSync(file, `${JSON.stringify(merged, undefined, 1)}\n`);
  writeFileSync(join(folder, `${stem}.md`), resultsPage(merged, `${stem}.svg`));
  writeFileSync(join(folder, `${stem}.svg`), resultsChart(merged));
  return merged;
}

function readResults(file: string): Results | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const found = JSON.parse(text) as Partial<Results>;
  if (found.schema !== 1 || !Array.isArray(found.cases))
    throw new Error(`${file} holds no results of this bench: move it away, or use --out`);
  return found as Results;
}
