import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { testWith } from '../../test/support/requirements.ts';
import { openFilesIn, openFilesLimit } from './open-files.ts';

const HEAD = 'Limit                     Soft Limit           Hard Limit           Units     \n';

test('the soft limit counts; what is no such text has none', () => {
  const line = (soft: string): string =>
    `${HEAD}Max open files            ${soft} 524288               files     \n`;
  assert.equal(openFilesIn(line('1024  ')), 1024);
  assert.equal(openFilesIn(line('unlimited')), Infinity);
  assert.equal(openFilesIn(HEAD), undefined);
  assert.equal(openFilesIn(''), undefined);
});

test('where the system does not say, it is a modest number', async () => {
  assert.equal(await openFilesLimit('/nowhere/limits'), 10_240);
});

await testWith(['linux'], 'on Linux it is that of this process', async () => {
  const told = openFilesIn(await readFile('/proc/self/limits', 'utf8'));
  assert.ok(told !== undefined && told > 0);
  assert.equal(await openFilesLimit(), told);
});
