import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFaultArguments } from './arguments.ts';

test('all rows three times, one run where it is quick, unless told otherwise', () => {
  const plain = { rows: [], beside: [], runs: 3, quick: false, outFolder: '/out', json: false, help: false };
  assert.deepEqual(parseFaultArguments([], '/out'), plain);
  assert.deepEqual(parseFaultArguments(['--quick'], '/out'), { ...plain, runs: 1, quick: true });
  const asked = ['--row', 'hang,reset', '--row=hang, 503', '--beside', 'nginx', '--runs', '5', '--out', 'x'];
  assert.deepEqual(parseFaultArguments(asked, '/out'), {
    ...plain,
    rows: ['hang', 'reset', '503'],
    beside: ['nginx'],
    runs: 5,
    outFolder: 'x',
  });
});

test('what cannot be meant is refused by name', () => {
  for (const text of ['0', '-1', '1.5', 'all', ''])
    assert.throws(() => parseFaultArguments([`--runs=${text}`], '/out'), /--runs needs a whole number/, text);
  assert.throws(() => parseFaultArguments(['--rows', 'hang'], '/out'), /--rows/);
  assert.throws(() => parseFaultArguments(['hang'], '/out'), /positional/i);
});
