import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { madeUpResult } from './made-up-result.ts';
import { mergeResults, type Results } from './results.ts';
import { rejudgeResults, writeResults } from './write-results.ts';

function resultsOf(...cases: [number: number, title: string][]): Results {
  const results = cases.map(([number, title]) => madeUpResult({ number, title }));
  return { schema: 1, date: '2026-01-02', cases: results };
}

function titles({ cases }: Results): string[] {
  return cases.map(({ number, title }) => `${number} ${title}`);
}

test('a case that is run again takes the place of its older result, in the order of the table', () => {
  const merged = mergeResults(
    resultsOf([1, 'old'], [3, 'old'], [12, 'old']),
    resultsOf([3, 'new'], [2, 'new']),
  );
  assert.deepEqual(titles(merged), ['1 old', '2 new', '3 new', '12 old']);
  assert.deepEqual(titles(mergeResults(undefined, resultsOf([2, 'new']))), ['2 new']);
});

test('results of one day are kept in one JSON, with a page and a chart; quick ones apart', async (t) => {
  const folder = join(await tempFolder({ after: (hook) => t.after(hook) }, 'results'), 'new');
  writeResults(folder, resultsOf([1, 'small files']), false);
  writeResults(folder, resultsOf([2, 'zips']), false);
  writeResults(folder, resultsOf([2, 'quick']), true);
  const names = ['2026-01-02', '2026-01-02-quick'].flatMap((stem) =>
    ['json', 'md', 'svg'].map((ending) => `${stem}.${ending}`),
  );
  assert.deepEqual(readdirSync(folder).sort(), names.sort());
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  assert.deepEqual(titles(JSON.parse(read('2026-01-02.json')) as Results), ['1 small files', '2 zips']);
  assert.match(read('2026-01-02.md'), /^## 1\. small files$[^]*^## 2\. zips$/m);
  assert.match(read('2026-01-02-quick.md'), /\(2026-01-02-quick\.svg\)/);
});

test('results that are there are judged anew by their samples, and all else of them stays', async (t) => {
  const folder = await tempFolder({ after: (hook) => t.after(hook) }, 'results');
  const rates = { rondo: [30, 24, 20], goproxy: [20, 20, 20] };
  const samples = Object.entries(rates).flatMap(([contestant, values]) =>
    values.map((value, run) => ({ measure: 'rate', contestant, run, value })),
  );
  const before: Results = { schema: 1, date: '2026-01-02', cases: [madeUpResult({ samples })] };
  writeResults(folder, before, false);
  const file = join(folder, '2026-01-02.json');
  const states = (minRuns: number): string[] | undefined =>
    rejudgeResults(file, [{ number: 1, minRuns }]).cases[0]?.goals.map(({ outcome }) => outcome.state);
  assert.deepEqual(states(3), ['missed, within the spread', 'missed', 'peer missing']);
  assert.deepEqual(states(4), ['too few runs', 'too few runs', 'peer missing']);
  const after = JSON.parse(readFileSync(file, 'utf8')) as Results;
  const goals = before.cases[0]?.goals;
  assert.deepEqual({ ...after, cases: after.cases.map((each) => ({ ...each, goals })) }, before);
  assert.match(readFileSync(join(folder, '2026-01-02.md'), 'utf8'), /\| 3 of 4 \| too few runs \|/);
  const chart = readFileSync(join(folder, '2026-01-02.svg'), 'utf8');
  assert.match(chart, /<rect class="unjudged"/);
  assert.throws(() => rejudgeResults(join(folder, 'none.json'), []), /there is no .*none\.json/);
});

test('a file that is something else is not overwritten', async (t) => {
  const folder = await tempFolder({ after: (hook) => t.after(hook) }, 'results');
  const file = join(folder, '2026-01-02.json');
  writeFileSync(file, '{"schema":2}');
  assert.throws(() => writeResults(folder, resultsOf([1, 'x']), false), /holds no results of this bench/);
  assert.equal(readFileSync(file, 'utf8'), '{"schema":2}');
});
