import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchGlob, matchPrefixPatterns } from './path-patterns.ts';

test('a glob is matched against as many elements as it has', () => {
  for (const [globs, path, matches] of [
    ['*.corp.example.com,rsc.io/private', 'git.corp.example.com/xyz', true],
    ['*.corp.example.com,rsc.io/private', 'rsc.io/private/quux', true],
    ['*.corp.example.com,rsc.io/private', 'rsc.io/privateer', false],
    ['*.corp.example.com,rsc.io/private', 'rsc.io', false],
    ['github.com/corp/', 'github.com/corp/x', true],
    ['github.com/*/secret', 'github.com/a/secret/deep', true],
    ['', 'a.b', false],
    ['*', 'a.b/c', true],
    ['[', 'a.b', false],
    ['[,a.b', 'a.b/c', true],
  ] as const) {
    assert.equal(matchPrefixPatterns(globs, path), matches, `${globs} ${path}`);
  }
});

test('stars and question marks stop at slashes, classes and escapes do not mean themselves', () => {
  assert.equal(matchGlob('a*c', 'abbc'), true);
  assert.equal(matchGlob('a*c', 'a/c'), false);
  assert.equal(matchGlob('a?c', 'a/c'), false);
  assert.equal(matchGlob('[^x-z]b', 'ab'), true);
  assert.equal(matchGlob('[^x-z]b', 'yb'), false);
  assert.equal(matchGlob('\\*', '*'), true);
  assert.equal(matchGlob('\\*', 'a'), false);
});

test('malformed globs match nothing', () => {
  for (const glob of ['[', '[a', '[]', '[^]', '[a-]', '[-a]', 'a\\', '*[', 'a[']) {
    assert.equal(matchGlob(glob, 'a'), false, glob);
  }
});

test('a name matches itself with anything in it made a star', () => {
  const word = fc.stringMatching(/^[a-z.]{0,6}$/);
  fc.assert(
    fc.property(word, word, word, (before, middle, after) => {
      assert.equal(matchGlob(`${before}*${after}`, before + middle + after), true);
      assert.equal(matchGlob(`${before}*${after}`, `${before}${middle}/${after}`), false);
    }),
  );
});
