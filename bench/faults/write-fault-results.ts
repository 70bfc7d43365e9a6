import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultChart } from './chart.ts';
import { mergeFaultResults, type FaultResults } from './fault-results.ts';
import { faultPage } from './page.ts';

/**
 * Writes `<date>-faults.json`, `.md` and `.svg` into `folder` (made where missing): `fresh`, and the rows of earlier
 * comparisons of the day that it has not. Quick ones go to `<date>-faults-quick.*`.
 */
export function writeFaultResults(folder: string, fresh: FaultResults): FaultResults {
  mkdirSync(folder, { recursive: true });
  const stem = `${fresh.date}-faults${fresh.quick ? '-quick' : ''}`;
  const merged = mergeFaultResults(readFaultResults(join(folder, `${stem}.json`)), fresh);
  writeFileSync(join(folder, `${stem}.json`), `${JSON.stringify(merged, undefined, 1)}\n`);
  writeFileSync(join(folder, `${stem}.md`), faultPage(merged, `${stem}.svg`));
  writeFileSync(join(folder, `${stem}.svg`), faultChart(merged));
  return merged;
}

/** What a file holds; undefined where there is none. @throws Error where it holds something else */
export function readFaultResults(file: string): FaultResults | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const found = JSON.parse(text) as Partial<FaultResults>;
  if (found.schema !== 1 || found.kind !== 'faults' || !Array.isArray(found.samples))
    throw new Error(`${file} holds no comparison of faults: move it away, or use --out`);
  return found as FaultResults;
}
