import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkImportTable, roomOf } from './import-table.ts';
import { madeUp, places } from './made-up.ts';
import type { Room } from './rules.ts';

const rooms: Record<string, Room> = {
  kit: {},
  gomod: { may: ['kit'] },
  balance: { may: ['kit'], types: ['gomod'] },
  upstream: { may: ['balance/outcome'] },
  app: { may: ['kit'] },
};

function check(path: string, text: string): string[] {
  return places(checkImportTable(madeUp({ [path]: text }), rooms).findings);
}

test('rooms are folders, and the files of src/ itself', () => {
  assert.equal(roomOf('src/kit/a/b.ts'), 'kit');
  assert.equal(roomOf('src/app.ts'), 'app');
  assert.equal(roomOf('test/kit/a.ts'), undefined);
});

test('what the table allows passes', () => {
  assert.deepEqual(check('src/gomod/a.ts', `import { k } from '../kit/k.ts';`), []);
  assert.deepEqual(check('src/kit/a.ts', `import { k } from './k.ts';`), []);
  assert.deepEqual(check('src/balance/a.ts', `import type { G } from '../gomod/g.ts';`), []);
  assert.deepEqual(check('src/upstream/a.ts', `import { o } from '../balance/outcome.ts';`), []);
  assert.deepEqual(check('src/app.ts', `import { k } from './kit/k.ts';`), []);
  assert.deepEqual(check('test/e2e/a.ts', `import { k } from '../../src/kit/k.ts';`), []);
});

test('what it does not allow is found, in every form of import', () => {
  for (const form of [
    `import { g } from '../gomod/g.ts';`,
    `import type { G } from '../gomod/g.ts';`,
    `export { g } from '../gomod/g.ts';`,
    `const g = import('../gomod/g.ts');`,
    `type G = import('../gomod/g.ts').G;`,
  ])
    assert.deepEqual(check('src/kit/a.ts', `\n${form}`), ['src/kit/a.ts:2'], form);
});

test('types only means types only', () => {
  assert.equal(check('src/balance/a.ts', `import { g } from '../gomod/g.ts';`).length, 1);
  assert.equal(check('src/balance/a.ts', `import { type G, g } from '../gomod/g.ts';`).length, 1);
});

test('one file of a room does not open the room', () => {
  assert.equal(check('src/upstream/a.ts', `import { o } from '../balance/observe.ts';`).length, 1);
});

test('sources import neither tests nor what lies outside src/', () => {
  assert.equal(check('src/kit/a.ts', `import './k.test.ts';`).length, 1);
  assert.equal(check('src/kit/a.ts', `import '../../test/support/c.ts';`).length, 1);
  assert.equal(check('src/kit/a.test.ts', `import '../../test/support/c.ts';`).length, 0);
  assert.equal(check('src/kit/a.test.ts', `import '../gomod/g.ts';`).length, 1);
});

test('a new folder needs a place in the table', () => {
  assert.equal(check('src/lobby/a.ts', ``).length, 1);
});
