import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeUpResult } from './made-up-result.ts';
import { alignedRows, caseTable } from './table.ts';

test('a table says what was met, missed and missing, and what everything used', () => {
  const lines = caseTable(madeUpResult()).split('\n');
  const has = (pattern: RegExp): void =>
    assert.ok(
      lines.some((line) => pattern.test(line)),
      `${String(pattern)} in\n${lines.join('\n')}`,
    );
  has(/^case 1: small files$/);
  has(/^Rondo 1\.2\.3; goproxy\/goproxy v0\.1\.0; nginx missing \(not on PATH\)$/);
  has(/^rate >= 1\.3x goproxy\/goproxy {2,}1\.35x \(1\.2x–1\.5x\) {2,}2 {2,}met$/);
  has(/^rate >= 54 k\/s & more {2,}27k\/s \(24k\/s–30k\/s\) {2,}2 {2,}missed$/);
  has(/^rate >= 0\.4x nginx {2,}peer missing: nginx$/);
  has(/^ {10,}Rondo {2,}goproxy\/goproxy$/);
  has(/^requests a second {2}27k\/s \(24k\/s–30k\/s\) {2,}20k\/s \(20k\/s–20k\/s\)$/);
  has(/^Rondo {2}load {3}2 s \(1\.5 s–2\.5 s\) {2}96 MiB \(64 MiB–128 MiB\)$/);
  has(/^note: Athens left out/);
});

test('many contestants stand below each other', () => {
  const summaries = Array.from({ length: 7 }, (_, index) => ({
    measure: 'rate',
    contestant: `fault-${index}`,
    median: 1e3 * index,
    min: 0,
    max: 9e3,
    count: 2,
  }));
  const lines = caseTable(madeUpResult({ summaries, contestants: { 'fault-6': 'sixth' } })).split('\n');
  const head = lines.findIndex((line) => /^ +requests a second$/.test(line));
  assert.ok(head > 0, lines.join('\n'));
  assert.match(lines[head + 2] ?? '', /^fault-0 {2}0\/s \(0\/s–9k\/s\)$/);
  assert.match(lines[head + 8] ?? '', /^sixth {4}6k\/s/);
});

test('a case that was skipped says why and shows no empty table', () => {
  const skipped = { end: { state: 'skipped', reason: 'no wrk on PATH' }, goals: [], summaries: [] } as const;
  const text = caseTable(madeUpResult({ ...skipped, usage: [], notes: [] }));
  assert.match(text, /\n\nskipped: no wrk on PATH\n/);
  assert.doesNotMatch(text, /---/);
});

test('columns are as wide as their widest cell', () => {
  assert.equal(
    alignedRows([
      ['a', 'bbb'],
      ['cc', 'd'],
      ['', 'e'],
    ]),
    'a   bbb\n--  ---\ncc  d\n    e',
  );
});
