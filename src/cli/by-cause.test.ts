import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableOf } from '../words/language.ts';
import { render, type Table } from '../words/render.ts';
import { say } from '../words/text.ts';
import { linesByCause, type Undone } from './by-cause.ts';

function linesOf(undone: readonly Undone[], table?: Table): string[] {
  return linesByCause(undone).map((line) => render(line, table));
}

test('many of one cause are one line; few of them, and others, have their own', () => {
  const full = Array.from({ length: 11 }, (_, index) => ({
    state: 'failed',
    what: `m${index}`,
    why: 'full',
  }));
  const other = { state: 'wrong', what: 'x', why: 'full' };
  assert.deepEqual(linesOf([...full, other]), ['FAILED  m0 and 10 more: full', 'WRONG  x: full']);
  const few = full.slice(1);
  assert.deepEqual(
    linesOf(few),
    few.map(({ what }) => `FAILED  ${what}: full`),
  );
  assert.deepEqual(linesOf([]), []);
});

test('the same cause in words that were made twice is one cause; the first word stays in every language', async () => {
  const undone = Array.from({ length: 11 }, (_, index) => ({
    state: 'missing',
    what: `m${index}`,
    why: say('not in the copy'),
  }));
  assert.deepEqual(linesOf(undone), ['MISSING  m0 and 10 more: not in the copy']);
  assert.deepEqual(linesOf(undone, await tableOf('zh')), ['MISSING  m0 及另外 10 个：副本中没有']);
});
