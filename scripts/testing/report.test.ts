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

test('figures that a test has told are shown though it passed', () => {
  const output = 'noise\n# figures: 300 kills\n# seed 1\nno # figures: 1';
  assert.match(describeFile({ ...good, output }), /^ok {3}src\/a\.test\.ts [^\n]*\n {2}figures: 300 kills$/);
});

test('durations', () => {
  assert.equal(formatDuration(999.4), '999 ms');
  assert.equal(formatDuration(2440), '2.4 s');
});
