import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseModuleWords } from './module-words.ts';

test('a module, a version of one, a query of one', () => {
  assert.deepEqual(parseModuleWords(['example.com/m', 'github.com/A/b@v1.0.0'], 'version'), [
    { module: 'example.com/m' },
    { module: 'github.com/A/b', version: 'v1.0.0' },
  ]);
  assert.deepEqual(parseModuleWords(['example.com/m@feature/x', 'example.com/m@latest'], 'query'), [
    { module: 'example.com/m', version: 'feature/x' },
    { module: 'example.com/m', version: 'latest' },
  ]);
});

test('anything else is a mistake of the command line', () => {
  const wrong = [
    '',
    'm',
    '../m',
    'example.com/m@',
    'example.com/m@v1',
    'example.com/m@v2.0.0',
    'example.com/m@x@y',
  ];
  for (const word of wrong) {
    assert.throws(() => parseModuleWords([word], 'version'), { code: 'E_USAGE' }, word);
  }
  assert.throws(() => parseModuleWords(['example.com/m@../x'], 'query'), { code: 'E_USAGE' });
});
