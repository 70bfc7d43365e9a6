import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Import, importsOf } from './imports.ts';
import { parseSource } from './source.ts';

function only(text: string): Import | undefined {
  const [first, ...rest] = importsOf(parseSource('src/room/a.ts', text));
  assert.equal(rest.length, 0);
  return first;
}

const cases: [text: string, expected: Partial<Import>][] = [
  [`import { b } from './b.ts';`, { target: 'src/room/b.ts', form: 'static', typeOnly: false, names: ['b'] }],
  [`import { b as c } from '../x/b.ts';`, { target: 'src/x/b.ts', typeOnly: false, names: ['b'] }],
  [`import type { B } from './b.ts';`, { typeOnly: true, names: [] }],
  [`import { type B } from './b.ts';`, { typeOnly: true, names: [] }],
  [`import { type B, c } from './b.ts';`, { typeOnly: false, names: ['c'] }],
  [`import * as b from './b.ts';`, { typeOnly: false, names: ['*'] }],
  [`import b from 'pkg';`, { specifier: 'pkg', typeOnly: false, names: ['*'] }],
  [`import './b.ts';`, { typeOnly: false, names: ['*'] }],
  [`import data from './d.json' with { type: 'json' };`, { target: 'src/room/d.json' }],
  [`export { b as c } from './b.ts';`, { form: 'export', typeOnly: false, names: ['b'] }],
  [`export type { B } from './b.ts';`, { form: 'export', typeOnly: true }],
  [`export * from './b.ts';`, { form: 'export', typeOnly: false, names: ['*'] }],
  [`const b = async () => await import('./b.ts');`, { form: 'dynamic', typeOnly: false }],
  [`type B = import('./b.ts').B;`, { form: 'type', typeOnly: true }],
  [`type B = typeof import('./b.ts');`, { form: 'type', typeOnly: true }],
  [`new Worker(new URL('./w.ts', import.meta.url));`, { form: 'url', target: 'src/room/w.ts' }],
  [`fork(new URL('w.ts', import.meta.url));`, { form: 'url', target: 'src/room/w.ts' }],
];

for (const [text, expected] of cases)
  test(`reads ${text}`, () => {
    const found = only(text);
    assert.ok(found !== undefined);
    for (const [key, value] of Object.entries(expected)) assert.deepEqual({ ...found }[key], value, key);
  });

test('comments, strings and other URLs are no imports', () => {
  const text = `// import { a } from './a.ts'\nconst s = "import './b.ts'";\nnew URL('./c.txt', import.meta.url);`;
  assert.deepEqual(importsOf(parseSource('src/room/a.ts', text)), []);
});

test('lines are counted from 1', () => {
  const lines = importsOf(parseSource('a.ts', `\nimport './b.ts';\n\nimport './c.ts';`)).map(
    ({ line }) => line,
  );
  assert.deepEqual(lines, [2, 4]);
});
