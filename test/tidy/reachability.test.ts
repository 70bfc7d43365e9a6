import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeUp, places } from './made-up.ts';
import { checkReachability } from './reachability.ts';

const entries = [/^src\/main\.ts$/, /\.test\.ts$/];

function check(files: Record<string, string>, notYetUsed: Record<string, string> = {}): string[] {
  return places(checkReachability(madeUp(files), entries, notYetUsed));
}

test('what is reached over several steps and forms is used', () => {
  const files = {
    'src/main.ts': `import { a } from './kit/a.ts'; new URL('./kit/worker.ts', import.meta.url);`,
    'src/kit/a.ts': `import type { B } from './b.ts'; const c = import('./c.ts');`,
    'src/kit/b.ts': ``,
    'src/kit/c.ts': `import './a.ts';`,
    'src/kit/worker.ts': ``,
    'src/kit/a.test.ts': `import '../../test/support/s.ts';`,
    'test/support/s.ts': ``,
  };
  assert.deepEqual(check(files), []);
});

test('files that nothing uses, or only tests, are found', () => {
  const files = {
    'src/main.ts': ``,
    'src/kit/dead.ts': `import './dead-too.ts';`,
    'src/kit/dead-too.ts': `import './dead.ts';`,
    'src/kit/tested.ts': ``,
    'src/kit/tested.test.ts': `import './tested.ts';`,
    'test/support/left.ts': ``,
  };
  const dead = [
    'src/kit/dead.ts:1',
    'src/kit/dead-too.ts:1',
    'src/kit/tested.ts:1',
    'test/support/left.ts:1',
  ];
  assert.deepEqual(check(files), dead);
});

test('a file that waits for its use is excused while tests use it, and only until it is used', () => {
  const waiting = { 'src/kit/a.ts': 'the next feature' };
  const tested = { 'src/kit/a.ts': ``, 'src/kit/a.test.ts': `import './a.ts';` };
  assert.deepEqual(check({ 'src/main.ts': ``, ...tested }, waiting), []);
  assert.deepEqual(check({ 'src/main.ts': `import './kit/a.ts';`, ...tested }, waiting), ['src/kit/a.ts:1']);
  assert.deepEqual(check({ 'src/main.ts': ``, 'src/kit/a.ts': `` }, waiting), ['src/kit/a.ts:1']);
});

test('an import of nothing is found', () => {
  assert.deepEqual(check({ 'src/main.ts': `\nimport './gone.ts';` }), ['src/main.ts:2']);
});
