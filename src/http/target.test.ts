import assert from 'node:assert/strict';
import { test } from 'node:test';
import { belowBase, normalBasePath, pathOfTarget } from './target.ts';

test('the path of a target has no query, and no host of the absolute form', () => {
  assert.equal(pathOfTarget('/a/@v/list'), '/a/@v/list');
  assert.equal(pathOfTarget('/a/@v/list?token=x#y'), '/a/@v/list');
  assert.equal(pathOfTarget('http://user:secret@h:1/a?b'), '/a');
  assert.equal(pathOfTarget('http://h'), '');
  assert.equal(pathOfTarget('*'), '*');
});

test('a base path is cut off only at a slash', () => {
  assert.equal(normalBasePath('go/'), '/go');
  assert.equal(normalBasePath('/'), '');
  assert.equal(belowBase('/go/a', '/go'), '/a');
  assert.equal(belowBase('/go', '/go'), '/');
  assert.equal(belowBase('/gone/a', '/go'), undefined);
  assert.equal(belowBase('/a', ''), '/a');
});
