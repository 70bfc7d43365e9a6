import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RondoError } from '../errors/rondo-error.ts';
import { render } from '../words/render.ts';
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

test('what was meant is said, as a command for that very module', () => {
  const versions = 'to see which versions there are: rondo why example.com/m';
  const table: [word: string, message: RegExp, hint: string][] = [
    ['example.com/m@1.10.2', /not a semantic version/, 'did you mean example.com/m@v1.10.2?'],
    ['example.com/m@v1.10', /not a version in full/, versions],
    ['example.com/m@1.10', /not a semantic version/, versions],
    ['example.com/m@latest', /latest is a question, and no version/, versions],
    ['https://example.com/m', /is a URL, and no module path/, 'did you mean example.com/m?'],
    ['https://example.com/m.git/?x#y', /is a URL/, 'did you mean example.com/m?'],
    ['https://example.com/m@1.2.3', /is a URL/, 'did you mean example.com/m@v1.2.3?'],
    ['example.com/m/', /trailing slash/, 'did you mean example.com/m?'],
    ['mod', /missing dot/, 'for example example.com/mod@v1.2.3'],
  ];
  for (const [word, message, hint] of table)
    assert.throws(
      () => parseModuleWords([word], 'version'),
      (error: unknown) => {
        assert.ok(error instanceof RondoError);
        assert.match(error.message, message, word);
        assert.equal(render(error.said.hint ?? ''), hint, word);
        return true;
      },
    );
});
