import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restFrom, type ResumePoint } from './resume-point.ts';

const POINT: ResumePoint = {
  bytes: 90,
  mirror: 'a',
  first: 'yes',
  validator: '"e"',
  totalBytes: 100,
};
const { validator: _, ...UNVOUCHED } = POINT;
const { totalBytes: __, ...UNMEASURED } = POINT;

test('the same mirror is asked by its validator, others by the length, and where neither is known for all', () => {
  assert.equal(restFrom('a', undefined), undefined);
  assert.deepEqual(restFrom('a', POINT), { fromBytes: 90, validator: '"e"', totalBytes: 100 });
  assert.deepEqual(restFrom('b', POINT), { fromBytes: 90, totalBytes: 100 });
  assert.deepEqual(restFrom('a', UNVOUCHED), { fromBytes: 90, totalBytes: 100 });
  assert.deepEqual(restFrom('a', UNMEASURED), { fromBytes: 90, validator: '"e"' });
  assert.equal(restFrom('b', UNMEASURED), undefined);
});
