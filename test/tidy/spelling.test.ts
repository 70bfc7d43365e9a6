import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeUp } from './made-up.ts';
import { EMPTY_NAMES } from './rules.ts';
import { checkFileNames, checkSyntax } from './spelling.ts';

function names(path: string, text: string = 'f();'): number {
  return checkFileNames(madeUp({ [path]: text }), EMPTY_NAMES).length;
}

test('file names', () => {
  assert.equal(names('src/kit/token-bucket.test.ts'), 0);
  for (const bad of ['src/kit/tokenBucket.ts', 'src/kit/Token.ts', 'src/kit/a_b.ts', 'src/kit/a.spec.ts'])
    assert.equal(names(bad), 1, bad);
  for (const empty of ['src/kit/utils.ts', 'src/utils/a.ts', 'src/kit/helpers.test.ts', 'src/kit/index.ts'])
    assert.equal(names(empty), 1, empty);
});

test('barrels', () => {
  assert.equal(names('src/kit/all.ts', `export * from './a.ts'; export { b } from './b.ts';`), 1);
  assert.equal(names('src/kit/some.ts', `export { b } from './b.ts'; export const c = 1;`), 0);
});

test('syntax that does not strip or is not our style', () => {
  for (const bad of [
    `export default 1;`,
    `export { a as default };\nconst a = 1;`,
    `enum E { A }`,
    `namespace N { export const a = 1; }`,
    `class A { constructor(private a: string) {} }`,
    `import a = require('a');`,
    `interface IStore {}`,
    `type IStore = {};`,
  ]) {
    const path = bad.startsWith('import a') ? 'a.cts' : 'a.ts';
    assert.equal(checkSyntax(madeUp({ [path]: bad })).length, 1, bad);
  }
  for (const fine of [
    `declare module 'x' { export const a: 1; }`,
    `declare global { var a: 1; }`,
    `type Info = {};`,
  ])
    assert.equal(checkSyntax(madeUp({ 'a.ts': `export const x = 1;\n${fine}` })).length, 0, fine);
});
