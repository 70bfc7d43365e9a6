import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBenchArguments } from './arguments.ts';

test('all cases five times, unless told otherwise', () => {
  const common = { cases: [], runs: 5, quick: false, json: false, help: false };
  const plain = { ...common, outFolder: '/out', rejudge: undefined };
  assert.deepEqual(parseBenchArguments([], '/out'), plain);
  const asked = ['--case', '3,1', '--case=12, 1', '--runs', '10', '--quick', '--json', '--out', 'x'];
  const parsed = parseBenchArguments(asked, '/out');
  assert.deepEqual(parsed, {
    ...plain,
    cases: [3, 1, 12],
    runs: 10,
    quick: true,
    outFolder: 'x',
    json: true,
  });
});

test('results that are there can be named', () => {
  assert.equal(parseBenchArguments(['--rejudge', 'a.json'], '/out').rejudge, 'a.json');
});

test('what is no whole number from 1 is refused by name', () => {
  for (const text of ['0', '-1', '1.5', 'all', '', '1e3'])
    assert.throws(() => parseBenchArguments([`--runs=${text}`], '/out'), /--runs needs a whole number/, text);
  assert.throws(() => parseBenchArguments(['--case', '1,,2'], '/out'), /--case needs a whole number/);
  assert.throws(() => parseBenchArguments(['--cases', '1'], '/out'), /--cases/);
  assert.throws(() => parseBenchArguments(['1'], '/out'), /positional/i);
});
