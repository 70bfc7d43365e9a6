import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeUpSoak } from './made-up-soak.ts';
import { soakTable } from './table.ts';

test('the table has what was counted, and says that all held', () => {
  const table = soakTable(madeUpSoak());
  assert.match(table, /\| load \| 10 min, 300 requests a second, seed 7 \|/);
  assert.match(table, /\| right \| 180000 \|/);
  assert.match(table, /\| slowest \| mirror 1 row 58: p99 58 ms; mirror 1 row 57: /);
  assert.match(table, /\| builds \| 3, 0 failed, median 1000 ms, longest 2000 ms \|/);
  assert.match(table, /\| memory \| 100 MiB before, .*minute 3 to the last: 160 MiB to 160 MiB, flat \|/);
  assert.match(table, /\nEverything held\.\n$/);
});

test('what did not hold stands below it, wrong bytes first and then the most frequent', () => {
  const soak = madeUpSoak();
  const endings = { ...soak.figures.endings, failed: 3 };
  const troubles = { 'status 502': 1, 'status 503: no mirror': 2, 'wrong: other bytes': 1 };
  const builds = { ...soak.builds, failures: ['exit code 1: go: one\ntwo'] };
  const table = soakTable({ ...soak, figures: { ...soak.figures, endings }, troubles, builds });
  assert.match(
    table,
    /- 1x wrong: other bytes\n- 2x status 503: no mirror\n- 1x status 502\n\n- build: exit code 1: go: one two\n/,
  );
  assert.match(table, /\n2 did not hold:\n\n- 3 requests: failed\n- 1 of 3 builds failed\n$/);
});
