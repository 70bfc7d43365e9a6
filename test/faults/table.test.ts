/** That the table, the rows, the scenes and the tests elsewhere know of each other: no row without an owner, none with two. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRepositoryFile, ROOT } from '../tidy/repository.ts';
import { quickened } from './rows/row.ts';
import { HEALTHY_ROWS } from './rows/loads.ts';
import { ROWS } from './rows/rows.ts';
import { SCENES } from './suite/scenes/scenes.ts';
import { ALSO, TABLE, type Case } from './table.ts';

/** What the specification has. */
const ROWS_OF_THE_TABLE = 42;

const cases: readonly Case[] = TABLE.flatMap((row) => row.cases);

function named(kind: 'row' | 'scene'): string[] {
  return cases.flatMap((each) => (each.kind === kind ? [each.name] : []));
}

test('every row of the table has an owner, and is there once', () => {
  assert.deepEqual(
    TABLE.filter((row) => row.cases.length === 0).map(({ fault }) => fault),
    [],
  );
  assert.equal(new Set(TABLE.map(({ fault }) => fault)).size, TABLE.length);
  assert.equal(TABLE.length, ROWS_OF_THE_TABLE);
});

test('every row that is driven and every scene is of one row of the table', () => {
  const driven = ROWS.filter((row) => !HEALTHY_ROWS.includes(row)).map(({ name }) => name);
  assert.deepEqual(named('row').toSorted(), driven.toSorted());
  assert.deepEqual(named('scene').toSorted(), SCENES.map(({ name }) => name).toSorted());
  const names = [...ROWS, ...SCENES].map(({ name }) => name);
  assert.equal(new Set(names).size, names.length, 'names are unique');
  for (const name of names) assert.match(name, /^[a-z0-9]+(-[a-z0-9]+)*$/);
});

test('every test that owns a row is there', () => {
  const missing = cases.flatMap((each) =>
    each.kind !== 'test' || readRepositoryFile(each.file).includes(each.title) ? [] : [each],
  );
  assert.deepEqual(missing, []);
});

test('every test of a fault is in the table, or says what more it shows', () => {
  const own = readdirSync(join(ROOT, 'test/faults'))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/faults/${name}`);
  const known = new Set([
    ...cases.flatMap((each) => (each.kind === 'test' ? [each.file] : [])),
    ...Object.keys(ALSO),
  ]);
  const suite = /\/(table|rows-\w+|builds-\w+|scenes)\.test\.ts$/;
  assert.deepEqual(
    own.filter((file) => !known.has(file) && !suite.test(file)),
    [],
  );
  for (const file of Object.keys(ALSO)) assert.notEqual(readRepositoryFile(file), '');
});

test('a row with its times divided is the same row', () => {
  const [slow, drip] = ['slow', 'drip-body'].map((name) => ROWS.find((row) => row.name === name));
  assert.ok(slow !== undefined && drip !== undefined);
  const quick = quickened(slow, 10);
  assert.deepEqual(quick.load.rate, { kind: 'steady', perSecond: 40, forMs: 1500 });
  assert.deepEqual(quick.turns[0]?.change, { fault: { kind: 'slow', delayMs: 120 } });
  const dripping = quickened(drip, 10).turns[0]?.change;
  assert.ok(dripping !== undefined && dripping !== 'good' && dripping.fault.kind === 'drip');
  assert.equal(dripping.fault.bytesPerSecond, 5000);
  assert.equal(quickened(slow, 1), slow);
});
