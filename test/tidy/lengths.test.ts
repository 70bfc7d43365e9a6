import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLengths } from './lengths.ts';
import { madeUp, places } from './made-up.ts';

const limits = { fileLines: 300, functionLines: 60 };

function check(text: string, path: string = 'src/kit/a.ts'): string[] {
  return places(checkLengths(madeUp({ [path]: text }), limits));
}

/** A function of `lines` lines. */
function long(lines: number, head = 'export function f() {', tail = '}'): string {
  return `${head}\n${'  f();\n'.repeat(lines - 2)}${tail}`;
}

test('60 lines are fine, 61 are not', () => {
  assert.deepEqual(check(long(60)), []);
  assert.deepEqual(check(`\n${long(61)}`), ['src/kit/a.ts:2']);
});

test('functions of every kind count', () => {
  for (const [head, tail] of [
    ['const f = () => {', '};'],
    ['const f = async function () {', '};'],
    ['const o = { f() {', '} };'],
    ['class A { f() {', '} }'],
    ['class A { constructor() {', '} }'],
    ['test("x", () => {', '});'],
  ] as const)
    assert.equal(check(long(61, head, tail)).length, 1, head);
});

test('a written reason excuses the function below it, and no other', () => {
  const reason = '// tidy: long because it is one table of cases\n';
  assert.deepEqual(check(reason + long(61)), []);
  assert.deepEqual(check(reason + long(61, 'export const f = () => {', '};')), []);
  assert.deepEqual(check(`class A {\n${reason}${long(61, 'f() {')}\n}`), []);
  assert.equal(check(`${reason}\n${long(61)}`).length, 1);
  assert.equal(check(`// tidy: long because\n${long(61)}`).length, 1);
  assert.equal(check(`${reason}function g() {\n${long(61, 'const f = () => {', '};')}\n}`).length, 1);
});

test('describe of a test groups, and is no function', () => {
  const groups = long(80, `describe('x', () => {`, '});');
  assert.deepEqual(check(groups, 'src/kit/a.test.ts'), []);
  assert.equal(check(groups).length, 1);
});

test('a file has at most 300 lines, without exception', () => {
  assert.deepEqual(check('f();\n'.repeat(300)), []);
  assert.deepEqual(check('// tidy: long because I like it so\n'.repeat(301)), ['src/kit/a.ts:301']);
});
