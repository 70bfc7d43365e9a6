import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPath, checkVersion, isCanonicalVersion, isValidPath } from './module-path.ts';

test('paths of one element and elements that end in .go are legal', () => {
  for (const path of ['golang.org', 'rsc.io', 'github.com', 'github.com/nats-io/nats.go']) {
    assert.equal(isValidPath(path), true, path);
  }
});

test('a bad path is E_BAD_NAME with its cause', () => {
  assert.throws(() => checkPath('example.com//a'), {
    code: 'E_BAD_NAME',
    message: 'malformed module path "example.com//a": empty path element',
  });
  assert.throws(() => checkPath('example.com/a/v1'), { message: /: invalid version$/ });
  assert.throws(() => checkPath('go'), { message: /: missing dot in first path element$/ });
});

test('a version of another major is E_BAD_NAME', () => {
  checkVersion('example.com/a/v2', 'v2.0.1');
  assert.throws(() => checkVersion('example.com/a', 'v2.0.1'), {
    code: 'E_BAD_NAME',
    message: 'version "v2.0.1" does not belong to "example.com/a": should be v0 or v1',
  });
  assert.throws(() => checkVersion('example.com/a', 'master'), { message: /^not a semantic version/ });
});

test('canonical keeps +incompatible and no other build metadata', () => {
  for (const version of ['v1.0.0', 'v2.0.0+incompatible', 'v0.0.1-go1.26.0.linux-amd64']) {
    assert.equal(isCanonicalVersion(version), true, version);
  }
  for (const version of ['', 'v1', 'v1.0', 'v1.0.0+meta', '1.0.0', 'master']) {
    assert.equal(isCanonicalVersion(version), false, version);
  }
});
