import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonical, compare, compareVersions, isValid } from './semver.ts';

const number = fc.oneof(fc.nat(3), fc.nat()).map(String);
const identifier = fc.constantFrom('0', '1', '2', '10', 'a', 'rc', '1a', '-', 'A');
const version = fc
  .tuple(number, number, number, fc.array(identifier, { maxLength: 3 }))
  .map(([a, b, c, pre]) => `v${a}.${b}.${c}${pre.length > 0 ? `-${pre.join('.')}` : ''}`);

test('the precedence of the semantic versioning specification', () => {
  const ascending = [
    'v1.0.0-alpha',
    'v1.0.0-alpha.1',
    'v1.0.0-alpha.beta',
    'v1.0.0-beta',
    'v1.0.0-beta.2',
    'v1.0.0-beta.11',
    'v1.0.0-rc.1',
    'v1.0.0',
  ];
  assert.deepEqual(ascending.toReversed().sort(compareVersions), ascending);
});

test('build metadata does not count, but orders equal versions', () => {
  assert.equal(compare('v1.0.0+a', 'v1.0.0+b'), 0);
  assert.equal(compareVersions('v1.0.0+a', 'v1.0.0+b'), -1);
});

test('every generated version is valid, canonical, and the order is total', () => {
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      assert.ok(isValid(a));
      assert.equal(canonical(a), a);
      assert.equal(compare(a, b), 0 - compare(b, a));
      assert.equal(compareVersions(a, b) === 0, a === b);
      if (compare(a, b) <= 0 && compare(b, c) <= 0) assert.ok(compare(a, c) <= 0);
    }),
  );
});
