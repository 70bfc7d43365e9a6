import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  escapePath,
  escapeQuery,
  escapeVersion,
  unescapePath,
  unescapeQuery,
  unescapeVersion,
} from './escape.ts';
import { isValidPath } from './module-path.ts';

const badName = { name: 'RondoError', code: 'E_BAD_NAME' };

const domain = fc.stringMatching(/^[a-z]{1,8}\.[a-z]{2,3}$/);
const element = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
const modulePath = fc
  .tuple(domain, fc.array(element, { maxLength: 4 }))
  .map(([host, rest]) => [host, ...rest].join('/'))
  .filter(isValidPath);

test('capitals are written with an exclamation mark', () => {
  assert.equal(escapePath('github.com/BurntSushi/toml'), 'github.com/!burnt!sushi/toml');
  assert.equal(escapeVersion('v1.0.0-RC1'), 'v1.0.0-!r!c1');
  assert.equal(unescapePath('github.com/!burnt!sushi/toml'), 'github.com/BurntSushi/toml');
});

test('escaping goes there and back, and its result has no capitals', () => {
  fc.assert(
    fc.property(modulePath, element, (path, version) => {
      assert.doesNotMatch(escapePath(path), /[A-Z]/);
      assert.equal(unescapePath(escapePath(path)), path);
      fc.pre(!/^(con|prn|aux|nul|com[1-9]|lpt[1-9])$/i.test(version));
      assert.equal(unescapeVersion(escapeVersion(version)), version);
    }),
  );
});

test('distinct names stay distinct on a disk that ignores case', () => {
  fc.assert(
    fc.property(modulePath, modulePath, (a, b) => {
      assert.equal(escapePath(a).toLowerCase() === escapePath(b).toLowerCase(), a === b);
    }),
  );
});

test('misused exclamation marks, capitals and bad names are E_BAD_NAME', () => {
  for (const escaped of [
    'a.b/C',
    'a.b/!',
    'a.b/!!c',
    'a.b/!1',
    'a.b/!C',
    'a.b/é',
    'a.b/..',
    'a.b//c',
    '',
    'ab/c',
  ]) {
    assert.throws(() => unescapePath(escaped), badName, escaped);
  }
  for (const escaped of ['RC1', 'a!', '!!a', '..', 'a/b', '', 'a\0', 'con']) {
    assert.throws(() => unescapeVersion(escaped), badName, escaped);
  }
});

test('a message repeats a hostile name on one printable line', () => {
  assert.throws(
    () => escapePath(`a.b/\u001b[31m"\n${'x'.repeat(5000)}`),
    (thrown: Error) => /^[\x20-\x7e]{1,250}$/.test(thrown.message),
  );
});

test('a query may have slashes, but no element that is none', () => {
  assert.equal(escapeQuery('feature/Fast-X'), 'feature/!fast-!x');
  assert.equal(unescapeQuery('feature/!fast-!x'), 'feature/Fast-X');
  for (const query of ['a//b', '/a', 'a/', '../a', 'a/./b', 'a!b', '']) {
    assert.throws(() => escapeQuery(query), badName, query);
  }
});
