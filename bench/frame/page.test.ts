import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeUpResult } from './made-up-result.ts';
import { resultsPage } from './page.ts';

test('the page has a table of goals, the conditions, the machine and the chart', () => {
  const page = resultsPage({ schema: 1, date: '2026-01-02', cases: [madeUpResult()] }, '2026-01-02.svg');
  assert.match(page, /^# Bench of 2026-01-02$/m);
  assert.match(page, /^!\[.+\]\(2026-01-02\.svg\)$/m);
  assert.match(page, /^\| rate \\>= 1\.3x goproxy\/goproxy \| 1\.35x \(1\.2x–1\.5x\) \| 2 \| met \|$/m);
  assert.match(page, /^- Everything is made up\.$/m);
  assert.match(
    page,
    /on 2 cores of A CPU, 8 GiB, linux x64, kernel 6\.1, Node v26\.0\.0; load average 0\.1 0\.2/,
  );
});

test('words of a program cannot end a cell or become markup', () => {
  const page = resultsPage({ schema: 1, date: '2026-01-02', cases: [madeUpResult()] }, 'x.svg');
  assert.ok(page.includes(String.raw`- Note: Athens left out: 404 \| \<html\>`), page);
});
