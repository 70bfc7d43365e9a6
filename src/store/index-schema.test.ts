import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { SCHEMA, SQL } from './index-schema.ts';

test('what may be given up next is found by its index: to read the whole table for each few files stops everybody', () => {
  const database = new DatabaseSync(':memory:');
  database.exec(SCHEMA);
  const bounds = { written: 1, last: -1, key: '', recent: 0, now: 0, limit: 32 };
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${SQL.candidates}`).all(bounds);
  const steps = plan.map(({ detail }) => String(detail));
  assert.deepEqual(
    steps.map((step) => step.replace(/ \(.*/, '')),
    ['SEARCH file USING INDEX by_request'],
    steps.join('; '),
  );
  database.close();
});
