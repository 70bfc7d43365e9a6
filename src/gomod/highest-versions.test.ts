import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { highestOf } from './highest-versions.ts';
import { compareParsed, compareVersions, parseVersion, type Version } from './semver.ts';

const parsed = (texts: readonly string[]): Version[] => texts.flatMap((text) => parseVersion(text) ?? []);
const textsOf = (versions: readonly Version[]): string[] => versions.map(({ text }) => text);

test('the highest few are those of the sorted list, each once', () => {
  const version = fc
    .tuple(fc.nat(3), fc.nat(12), fc.constantFrom('', '-rc.1', '-rc.10', '-a', '+incompatible'))
    .map(([minor, patch, end]) => `v1.${minor}.${patch}${end}`);
  fc.assert(
    fc.property(fc.array(version), fc.nat(8), (texts, most) => {
      const sorted = [...new Set(texts)].toSorted((a, b) => compareVersions(b, a));
      assert.deepEqual(textsOf(highestOf(parsed(texts), most)), sorted.slice(0, most));
    }),
  );
});

test('in whatever order a mirror lists them, few compares a version are made', (t) => {
  const lines = 20_000;
  const ascending = Array.from({ length: lines }, (_, n) => `v1.0.0-${'a.'.repeat(16)}a${10_000 + n}`);
  const orders: Readonly<Record<string, readonly string[]>> = {
    ascending,
    descending: ascending.toReversed(),
    shuffled: ascending.map((_, n) => ascending[(n * 7919) % lines] ?? ''),
    'all alike': ascending.map(() => 'v1.0.0-a.a.a'),
  };
  for (const [name, texts] of Object.entries(orders)) {
    let compares = 0;
    const counting = (a: Version, b: Version): number => {
      compares += 1;
      return compareParsed(a, b);
    };
    const highest = textsOf(highestOf(parsed(texts), 5, counting));
    assert.deepEqual(highest, [...new Set(texts.toSorted((a, b) => (a < b ? 1 : -1)))].slice(0, 5), name);
    // With the lowest of the five, and then by halves among them.
    assert.ok(compares <= 4 * lines, `${name}: ${compares}`);
    t.diagnostic(`figures: ${name}: ${(compares / lines).toFixed(2)} compares a version`);
  }
});
