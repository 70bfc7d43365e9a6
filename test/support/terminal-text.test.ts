import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparable, recordingOf } from './terminal-text.ts';

test('names become words as wide, the version X.Y.Z, escapes are seen', () => {
  const output = 'rondo 0.1.0 at 127.0.0.1:43210\r\n\u001B[1m/tmp/rAbC123/app\u001B[22m\n127.0.0.1:43…\n';
  const words = [
    ['127.0.0.1:43210', '127.0.0.1:PORT1'],
    ['/tmp/rAbC123', '/home/gopher'],
  ] as const;
  const recording = 'rondo X.Y.Z at 127.0.0.1:PORT1\n␛[1m/home/gopher/app␛[22m\n127.0.0.1:PO…\n';
  assert.equal(recordingOf(output, words), recording);
});

test('what is drawn over itself stands as it was last', () => {
  const redraw = (lines: number): string => `\u001B[${lines}A\r\u001B[0J`;
  const output = `before\n1 of 3\n${redraw(1)}2 of 3\n${redraw(1)}3 of 3\nafter\n`;
  assert.equal(recordingOf(output, []), 'before\n3 of 3\nafter\n');
  assert.equal(recordingOf(`a\nb\n${redraw(2)}c\n`, []), 'c\n');
});

test('two runs that differ in times and sizes alone are equal, and no others', () => {
  const equal: [string, string][] = [
    ['P50    P95\n3 ms   12 ms', 'P50   P95\n14 ms  9 ms'],
    ['1.2 MiB/s, 40 s left', '980 KiB/s, 2 min left'],
    ['it took 12 ms\n    and more', 'it took 9 ms and more'],
    ['a, 12 KiB, 1…', 'a, 9 B, 12…'],
    ['等待 3 毫秒', '等待 12 毫秒'],
    ['syncing [#####] 15 of 15, 9 B', 'syncing 15 of 15, 2.5 KiB'],
  ];
  for (const [one, other] of equal) assert.equal(comparable(one), comparable(other), one);
  const different: [string, string][] = [
    ['12 files', '13 files'],
    ['12 ms', '12 ms late'],
    ['v1.2.3', 'v1.2.4'],
    ['␛[1mx', '␛[2mx'],
    ['a\nb', 'a b'],
    ['abc…', 'abd…'],
    ['syncing [####################] 15 of 15', 'syncing 15 of 15'],
  ];
  for (const [one, other] of different) assert.notEqual(comparable(one), comparable(other), one);
});
