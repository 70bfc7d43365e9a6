import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { resultsChart } from './chart.ts';
import { judgeGoal } from './goals.ts';
import { resultsPage } from './page.ts';
import { mergeResults, type Results } from './results.ts';
import type { Case } from './types.ts';

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
  write(folder, stem, merged);
  return merged;
}

/**
 * Judges all goals of results that are there by their samples, as `cases` ask now, and writes the three files anew.
 * @throws Error where the file is not there or holds no results
 */
export function rejudgeResults(file: string, cases: readonly Pick<Case, 'number' | 'minRuns'>[]): Results {
  const results = readResults(file);
  if (results === undefined) throw new Error(`there is no ${file}`);
  const judged = results.cases.map((result) => {
    const missing = new Set(result.subjects.flatMap((each) => ('missing' in each ? each.name : [])));
    const theCase = cases.find(({ number }) => number === result.number);
    return {
      ...result,
      goals: result.goals.map((goal) => judgeGoal(goal, result.samples, missing, theCase)),
    };
  });
  const renewed = { ...results, cases: judged };
  write(dirname(file), basename(file, '.json'), renewed);
  return renewed;
}

function write(folder: string, stem: string, results: Results): void {
  writeFileSync(join(folder, `${stem}.json`), `${JSON.stringify(results, undefined, 1)}\n`);
  writeFileSync(join(folder, `${stem}.md`), resultsPage(results, `${stem}.svg`));
  writeFileSync(join(folder, `${stem}.svg`), resultsChart(results));
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
