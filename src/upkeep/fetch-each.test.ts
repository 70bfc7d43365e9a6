import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyWork } from '../../test/support/copy-work.ts';
import { render } from '../words/render.ts';
import { fetchEach, type FetchOutcome } from './fetch-each.ts';

const versionsOf = (count: number): { module: string; version: string }[] =>
  Array.from({ length: count }, (_, index) => ({ module: `example.com/m${index}`, version: 'v1.0.0' }));

test('bytes count as they come, with those that are known to come; of a file that failed none are left', async (t) => {
  const { work, told } = await copyWork(t);
  const fetched = await fetchEach(versionsOf(2), { work, atOnce: 1 }, async ({ module }, onBytes) => {
    onBytes(40, 100);
    onBytes(60, undefined);
    return module === 'example.com/m0'
      ? { kind: 'fetched', bytes: 100 }
      : { kind: 'missing', why: 'it broke off', nobody: false };
  });
  assert.deepEqual(
    told.map(({ done, bytes, comingBytes }) => [done, bytes, comingBytes]),
    [
      [0, 0, 0],
      [0, 40, 60],
      [0, 60, 0],
      [1, 100, 0],
      [1, 140, 60],
      [1, 160, 0],
      [2, 100, 0],
    ],
  );
  assert.deepEqual([fetched.fetched, fetched.fetchedBytes, fetched.missing.length], [1, 100, 1]);
});

test('large files that have not begun count like those whose size is known; until most are, nobody can say', async (t) => {
  const { work, told } = await copyWork(t);
  // Small ones first, as a copy is filled.
  const sizes = [1, 1000, 3000, 2000];
  const isLarge = ({ module }: { readonly module: string }): boolean => module !== 'example.com/m0';
  await fetchEach(versionsOf(4), { work, atOnce: 1, isLarge }, async ({ module }, onBytes) => {
    const bytes = sizes[Number(module.slice(-1))] ?? 0;
    onBytes(0, bytes);
    return module === 'example.com/m2'
      ? { kind: 'missing', why: 'it broke off', nobody: false }
      : { kind: 'fetched', bytes };
  });
  assert.deepEqual(
    told.map(({ done, comingBytes, isOpen }) => [done, comingBytes, isOpen]),
    [
      [0, 0, true],
      [0, 1, true],
      [1, 0, true],
      // One of 1000 under way, and two like it.
      [1, 3000, true],
      [2, 2000, true],
      // One of 3000 under way, and one like both.
      [2, 5000, undefined],
      [3, 1000, undefined],
      [3, 2000, undefined],
      [4, 0, undefined],
    ],
  );
});

test('where nobody answers three times in a row, nothing more is asked for', async (t) => {
  const { work, told } = await copyWork(t);
  let asked = 0;
  const nobody = async (): Promise<FetchOutcome> => {
    asked += 1;
    return { kind: 'missing', why: 'no route', nobody: true };
  };
  const { missing } = await fetchEach(versionsOf(9), { work, atOnce: 1 }, nobody);
  assert.deepEqual([asked, missing.length, told.at(-1)?.done], [3, 9, 9]);
  assert.equal(render(missing[8]?.why ?? ''), 'not asked for, since nobody answers: no route');
});
