import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeEnd, describeFile, formatDuration } from './report.ts';
import type { FileResult } from './run-test-file.ts';

const good: FileResult = {
  file: 'src/a.test.ts',
  durationMs: 12.4,
  passed: 3,
  failures: [],
  leftOut: [],
  output: 'noise',
};
const bad: FileResult = {
  ...good,
  file: 'src/b.test.ts',
  passed: 1,
  failures: [{ name: 'g > t', error: 'why' }],
};

test('the last line is the sum, whatever stands above it', () => {
  assert.equal(describeEnd([good, bad]).split('\n').at(-1), '4 passed, 1 failed');
  assert.equal(describeEnd([]).split('\n').at(-1), '0 passed, 0 failed');
});

test('what was left out is said with its reason', () => {
  const text = describeEnd([{ ...good, leftOut: ['go: not there: t'] }]);
  assert.match(text, /left out:\n {2}src\/a\.test\.ts: go: not there: t\n/);
});

test('output is shown for failures only', () => {
  assert.doesNotMatch(describeFile(good), /noise/);
  assert.match(
    describeFile(bad),
    /^FAIL src\/b\.test\.ts {2}1 passed, 1 failed, 12 ms\n {2}x g > t\n {4}why\n/,
  );
  assert.match(describeFile(bad), /noise/);
});

test('what a test reached is shown though it passed', () => {
  const output = 'noise\n# seed 7\n# reached: 12 of 12\n# reached: 3 MiB\n';
  assert.deepEqual(
    describeFile({ ...good, output })
      .split('\n')
      .slice(1),
    ['     12 of 12', '     3 MiB'],
  );
});

test('durations', () => {
  assert.equal(formatDuration(999.4), '999 ms');
  assert.equal(formatDuration(2440), '2.4 s');
});
