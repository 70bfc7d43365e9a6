import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isVersionList, latestOf, linesMissing, parseVersionList, withoutVersions } from './version-list.ts';

const LIMITS = { maxLines: 100_000 };

const maxLines = 100;
const EARLY = 'v0.0.0-20200102030405-abcdef123456';
const LATE = 'v0.0.0-20230102030405-abcdef123456';

function latest(...lines: string[]): string | undefined {
  return latestOf(parseVersionList(lines.join('\n'), { maxLines }))?.version;
}

test('versions in the order of the list, with their times', () => {
  assert.deepEqual(parseVersionList('v1.1.0 2023-01-02T03:04:05+01:00\r\n\nv1.0.0\n', { maxLines }), [
    { version: 'v1.1.0', time: new Date('2023-01-02T02:04:05Z') },
    { version: 'v1.0.0' },
  ]);
  assert.deepEqual(parseVersionList('', { maxLines }), []);
});

test('pseudo-versions stay, what is not canonical goes', () => {
  const list = parseVersionList(`v1\nmaster\n${LATE}\nv2.0.0+incompatible\nv1.0.0+meta\nv1.0.0.1\n`, {
    maxLines,
  });
  assert.deepEqual(
    list.map(({ version }) => version),
    [LATE, 'v2.0.0+incompatible'],
  );
});

test('a time that is none is left out', () => {
  assert.deepEqual(parseVersionList('v1.0.0 yesterday', { maxLines }), [{ version: 'v1.0.0' }]);
});

test('more lines than allowed are E_BAD_CONTENT', () => {
  assert.equal(parseVersionList('v1.0.0\n'.repeat(maxLines), { maxLines }).length, maxLines);
  assert.throws(() => parseVersionList('\n'.repeat(maxLines + 1), { maxLines }), { code: 'E_BAD_CONTENT' });
});

test('latest: a release, else a pre-release, else the newest commit', () => {
  assert.equal(latest(), undefined);
  assert.equal(latest('v1.9.0', 'v1.10.0', 'v2.0.0-rc.1', LATE), 'v1.10.0');
  assert.equal(latest(LATE, 'v1.0.0-rc.2', 'v1.0.0-rc.10'), 'v1.0.0-rc.10');
  assert.equal(latest(LATE, EARLY), LATE);
  assert.equal(latest(`${LATE} 2019-01-01T00:00:00Z`, EARLY), EARLY);
});

test('what is a version list', () => {
  for (const text of [
    '',
    '\n',
    'v1.0.0',
    'v1.0.0\nv1.1.0 2023-01-02T03:04:05Z\n',
    'v1.0.0\r\n\r\n',
    'v1.0.0.1\n',
    'v1.0.0\n'.repeat(50_000),
  ]) {
    assert.equal(isVersionList(text, LIMITS), true, text.slice(0, 60));
  }
  for (const text of [
    '<!doctype html><html></html>',
    '<html>\nv1.0.0\n</html>',
    'not found: a.b/c',
    '{"Version":"v1.0.0"}',
    'v1.0.0\nError\n',
    'v1.0.0\0',
    'v1.0.0\n\u001b[31m',
    'v1.0.0 \u00e9',
    'version',
  ]) {
    assert.equal(isVersionList(text, LIMITS), false, text);
  }
});

test('a list with an endless line is none', () => {
  const line = (chars: number): string => `v1.0.0\nv1.0.0-${'a.'.repeat(chars)}`.slice(0, 7 + chars);
  assert.equal(isVersionList(`${line(300)}\n`, LIMITS), true);
  assert.equal(isVersionList(`${line(301)}\n`, LIMITS), false);
});

test('a list of more lines than allowed is none', () => {
  assert.equal(isVersionList('v1.0.0\n'.repeat(100), { maxLines: 100 }), true);
  assert.equal(isVersionList('v1.0.0\n'.repeat(101), { maxLines: 100 }), false);
});

test('latest is always from the list, and none is higher among the releases', () => {
  const version = fc.constantFrom('v1.0.0', 'v1.2.0', 'v1.10.0', 'v2.0.0-rc', 'v0.1.0-a', EARLY, LATE);
  fc.assert(
    fc.property(fc.array(version, { minLength: 1 }), (versions: string[]) => {
      const found = latest(...versions);
      assert.ok(found !== undefined && versions.includes(found));
      assert.equal(latest(...versions.toReversed()), found);
    }),
  );
});

test('what a list has lost: versions, not lines; with the times that they had', () => {
  const older = 'v1.0.0 2024-01-02T03:04:05Z\n  v1.1.0\nv1.2.0\r\nmain\nnonsense here\n';
  assert.deepEqual(linesMissing(older, 'v1.2.0 2025-01-01T00:00:00Z\nv1.1.0'), [
    'v1.0.0 2024-01-02T03:04:05Z',
  ]);
  assert.deepEqual(linesMissing(older, older), []);
  assert.deepEqual(linesMissing('', older), []);
  assert.deepEqual(linesMissing('v1.0.0\n', ''), ['v1.0.0']);
});

test('a list without some of its versions keeps its other lines as they are', () => {
  const list = 'v1.0.0 2024-01-02T03:04:05Z\n  v1.1.0\r\nmain\n\nv1.2.0';
  assert.equal(withoutVersions(list, new Set(['v1.1.0', 'v1.0.0'])), 'main\n\nv1.2.0');
  fc.assert(
    fc.property(fc.string(), (text) => assert.equal(withoutVersions(text, new Set(['v1.0.0+x'])), text)),
  );
});

test('a list and what it has lost are together what both had', () => {
  const versions = fc.uniqueArray(fc.nat(30).map((minor) => `v1.${minor}.0`));
  fc.assert(
    fc.property(versions, versions, fc.string(), (older, newer, noise) => {
      const missing = linesMissing(`${older.join('\n')}\n${noise}`, newer.join('\n'));
      const both = new Set([...older, ...newer]);
      const whole = parseVersionList([...newer, ...missing].join('\n'), { maxLines: 1000 });
      for (const version of both) assert.ok(whole.some((each) => each.version === version));
      assert.equal(linesMissing(older.join('\n'), [...newer, ...missing].join('\n')).length, 0);
    }),
  );
});
