import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultChart } from './chart.ts';
import { mergeFaultResults } from './fault-results.ts';
import { madeUpFaults, madeUpSample } from './made-up-faults.ts';
import { faultPage } from './page.ts';
import { faultTable, shortRows } from './table.ts';

test('the table has a line for each fault and program, with the range over the runs', () => {
  const lines = faultTable(madeUpFaults()).split('\n');
  assert.equal(lines[0], 'Rondo 1.2.3; nginx 1.22.1; Caddy missing (not on PATH)');
  const has = (pattern: RegExp): void =>
    assert.ok(
      lines.some((line) => pattern.test(line)),
      `${String(pattern)} in\n${lines.join('\n')}`,
    );
  has(/^hang before headers {2,}Rondo \* {2,}100 % \(100 %–100 %\) {2,}0 % .*310 ms \(300 ms–320 ms\)/);
  has(/^ {10,}nginx {2,}67 % {2,}33 % {2,}0 % {2,}41 ms/);
  has(/^all down 20 s <refused> {2,}Rondo \* {2,}90 % .* 900 ms {2,}80 %$/);
  has(/^note: nginx, hang: 404 \| <html>$/);
});

test('the short one has a column for each program that took part', () => {
  assert.deepEqual(shortRows(madeUpFaults()), [
    ['', 'Rondo', 'nginx'],
    ['hang before headers', '100 %, 310 ms *', '67 %, 300 ms'],
    ['all down 20 s <refused>', '90 %, again after 900 ms *', ''],
  ]);
});

test('the page has the chart, the conditions and the machine, and takes no program’s words for markup', () => {
  const page = faultPage(madeUpFaults(), 'x.svg');
  assert.match(page, /^!\[.+\]\(x\.svg\)$/m);
  assert.match(page, /^- Everything is made up\.$/m);
  assert.ok(page.includes(String.raw`- Note: nginx, hang: 404 \| \<html\>`), page);
  assert.match(page, /on 2 cores of A CPU, 8 GiB, linux x64/);
});

test('a bar is as long as the share of right answers, and blue only where all were right', () => {
  const svg = faultChart(madeUpFaults());
  const bars = [...svg.matchAll(/<rect class="(all|some)" x="\d+" y="\d+" width="(\d+)"/g)];
  assert.deepEqual(
    bars.map(([, kind, width]) => [kind, Number(width)]),
    [
      ['all', 180],
      ['some', 121],
      ['some', 162],
    ],
  );
  assert.match(svg, /role="img" aria-labelledby="title desc"/);
  assert.match(svg, /<desc id="desc">hang before headers: rondo 100 %, 310 ms \*, nginx 67 %, 300 ms; /);
  const texts = svg.replaceAll(/<style>[^<]*<\/style>/g, '').replaceAll(/<[^<>]*>/g, '');
  assert.doesNotMatch(texts, /[<>]|&(?!amp;|lt;|gt;|quot;)/);
});

test('rows that are measured again take the place of their older results, the others stay', () => {
  const fresh = madeUpFaults({
    rows: [{ name: 'hang', what: 'hang', sees: 'right' }],
    samples: [madeUpSample({ p99Ms: 7 })],
  });
  const merged = mergeFaultResults(madeUpFaults(), fresh);
  assert.deepEqual(
    merged.rows.map(({ name }) => name),
    ['all-refused', 'hang'],
  );
  assert.deepEqual(
    merged.samples.map(({ row, p99Ms }) => [row, p99Ms]),
    [
      ['all-refused', 300],
      ['hang', 7],
    ],
  );
  assert.deepEqual(mergeFaultResults(undefined, fresh), fresh);
});
