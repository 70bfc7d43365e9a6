import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonical, compare, compareParsed, compareVersions, isValid, parseVersion } from './semver.ts';

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

/** golang.org/x/mod/semver.comparePrerelease: identifier by identifier. */
function byIdentifiers(a: string, b: string): number {
  const [left, right] = [a.slice(1).split('.'), b.slice(1).split('.')];
  for (const [i, identifier] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    if (identifier === other) continue;
    const [isNumber, otherIsNumber] = [identifier, other].map((each) => /^[0-9]+$/.test(each));
    if (isNumber !== otherIsNumber) return isNumber === true ? -1 : 1;
    if (isNumber === true && identifier.length !== other.length) return identifier.length - other.length;
    return identifier < other ? -1 : 1;
  }
  return left.length - right.length;
}

test('pre-releases are compared identifier by identifier, though none is split', () => {
  const prerelease = fc
    .array(fc.oneof(identifier, identifier, fc.constantFrom('ab', 'a-', '11', '100', 'a.a')), {
      minLength: 1,
    })
    .map((all) => `-${all.join('.')}`);
  fc.assert(
    fc.property(prerelease, prerelease, fc.nat(4), (a, other, cut) => {
      // Most random pairs differ at once; these have a beginning in common.
      const shared = `${a
        .split('.')
        .slice(0, cut + 1)
        .join('.')}${other.replace('-', '.')}`;
      for (const b of [other, shared]) {
        const order = compare(`v1.0.0${a}`, `v1.0.0${b}`);
        assert.equal(order, Math.sign(byIdentifiers(a, b)), `${a} ${b}`);
      }
    }),
  );
});

test('versions that are taken apart compare as their texts do', () => {
  const any = fc.tuple(version, fc.constantFrom('', '+incompatible', '+b')).map((parts) => parts.join(''));
  fc.assert(
    fc.property(any, any, (a, b) => {
      const [left, right] = [parseVersion(a), parseVersion(b)];
      assert.ok(left !== undefined && right !== undefined);
      assert.equal(compareParsed(left, right), compareVersions(a, b));
    }),
  );
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
