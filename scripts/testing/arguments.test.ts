import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { parseTestArguments } from './arguments.ts';

test('paths, own flags and flags of node are told apart', () => {
  const args = parseTestArguments([
    'src/gomod',
    '--jobs=3',
    '--root=sub',
    '--file-timeout=0.5',
    '--published',
    '--test-name-pattern=a=b',
    '--trace-warnings',
  ]);
  assert.deepEqual(args, {
    root: resolve('sub'),
    filters: ['src/gomod'],
    jobs: 3,
    fileTimeoutMs: 500,
    namePatterns: ['a=b'],
    published: true,
    nodeFlags: ['--trace-warnings'],
  });
});

test('numbers that are none are refused', () => {
  for (const bad of ['--jobs=', '--jobs=0', '--jobs=x', '--file-timeout=-1'])
    assert.throws(() => parseTestArguments([bad]), /needs a positive number/);
});
