import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDocstrings } from './docstrings.ts';
import { madeUp, places } from './made-up.ts';

function check(text: string, path: string = 'src/kit/a.ts'): string[] {
  return places(checkDocstrings(madeUp({ [path]: text })));
}

const exported = [
  `export function a() {}`,
  `export const a = 1;`,
  `export class A {}`,
  `export type A = 1;`,
  `export interface A {}`,
  `export async function a() {}`,
];

test('every kind of export needs a docstring', () => {
  for (const text of exported) {
    assert.deepEqual(check(`\n${text}`), ['src/kit/a.ts:2'], text);
    assert.deepEqual(check(`/** What it promises. */\n${text}`), [], text);
  }
});

test('only a docstring right above counts', () => {
  assert.equal(check(`// what it promises\nexport const a = 1;`).length, 1);
  assert.equal(check(`/* what it promises */\nexport const a = 1;`).length, 1);
  assert.equal(check(`/** */\nexport const a = 1;`).length, 1);
  assert.equal(check(`/** Of b. */\nconst b = 1;\nexport const a = b;`).length, 1);
  assert.equal(check(`/** Of a. */\n// tidy: long because of that\nexport const a = 1;`).length, 0);
});

test('an export list is looked up at the declaration; re-exports and tests are free', () => {
  assert.deepEqual(check(`const a = 1;\nexport { a };`), ['src/kit/a.ts:1']);
  assert.deepEqual(check(`/** Of a. */\nconst a = 1;\nexport { a };`), []);
  assert.deepEqual(check(`export { a } from './b.ts';`), []);
  assert.deepEqual(check(`export const a = 1;`, 'src/kit/a.test.ts'), []);
});

test('the first signature of an overload speaks for all', () => {
  const overload = `export function a(x: string): void;\nexport function a(x: number): void;\nexport function a() {}`;
  assert.deepEqual(check(`/** Of a. */\n${overload}`), []);
  assert.deepEqual(check(overload), ['src/kit/a.ts:1']);
});
