import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstUntrueLine } from './guide-output.ts';

test('the same lines are true, whatever the numbers, the columns and the colours', () => {
  assert.equal(
    firstUntrueLine('rondo 0.1.0, started in 3 ms\n', 'rondo 0.1.0, started in 1234 ms\n\n'),
    undefined,
  );
  assert.equal(firstUntrueLine('a  12 requests; 1.5 MiB', 'a      9 requests; 340 MiB'), undefined);
  assert.equal(firstUntrueLine('ok 10ms', '\u001b[32mok\u001b[0m 7ms'), undefined);
});

test('another word, version, address or order is not', () => {
  for (const [page, output] of [
    ['all well', 'all broken'],
    ['rondo 0.1.0', 'rondo 0.2.0'],
    ['m v1.3.0', 'm v1.4.0'],
    ['http://127.0.0.1:7070', 'http://127.0.0.1:7071'],
    ['exit code 7', 'exit code 1'],
    ['b', 'a\nb'],
    ['…\nb\na', 'a\nb'],
    ['…\nc', 'a\nb'],
  ] as const) {
    assert.equal(firstUntrueLine(page, output), page.split('\n').at(-1), `${page} / ${output}`);
  }
});

test('a line of … is any lines, … in a line any text; without them all lines are told', () => {
  assert.equal(firstUntrueLine('a\n…\nc', 'a\nb\nb\nc'), undefined);
  assert.equal(firstUntrueLine('…\nc', 'c'), undefined);
  assert.equal(firstUntrueLine('a\n…', 'a\nb'), undefined);
  assert.equal(firstUntrueLine('from … (2)', 'from x.example, y.example (2)'), undefined);
  assert.equal(firstUntrueLine('a', 'a\nb'), '(the end, where there is: b)');
  assert.equal(firstUntrueLine('a.b', 'axb'), 'a.b');
});
