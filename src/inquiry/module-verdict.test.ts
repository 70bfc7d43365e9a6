import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeldList, ModuleLists } from './module-facts.ts';
import { compareLists, doubtfulVersions, moduleVerdicts } from './module-verdict.ts';

type Mirror = ModuleLists['mirrors'][number];

const list = (versions: string, newest = versions.split(' ').at(-1) ?? ''): HeldList => ({
  kind: 'has',
  versions: versions === '' ? [] : versions.split(' '),
  ...(newest === '' ? {} : { newest }),
});
const has = (name: string, versions: string, newest?: string): Mirror => ({
  ...list(versions, newest),
  name,
});
const not = (name: string, kind: 'not-there' | 'not-asked' = 'not-there'): Mirror => ({ name, kind });

const ALL = 'v1.0.0 v1.1.0 v1.2.0';
const WELL: ModuleLists = {
  module: 'example.com/m',
  privateBy: undefined,
  mirrors: [has('a', ALL), has('b', ALL), has('c', ALL)],
  direct: list(ALL),
};
const UNASKED = { kind: 'not-asked', why: '--no-direct' } as const;
const GONE = { kind: 'not-there', words: 'not found' } as const;
const P1 = 'v0.0.0-20240101000000-abcdef012345';
const P2 = 'v0.0.0-20250101000000-0123456789ab';

function said(lists: Partial<ModuleLists>, confirmed: readonly string[] = []): string[] {
  const facts = compareLists({ ...WELL, ...lists }, new Set(confirmed));
  return moduleVerdicts(facts).map(({ kind, mirrors }) => [kind, ...mirrors].join(' '));
}

test('what the lists come to', () => {
  const ahead = { mirrors: [has('a', ALL), has('b', `${ALL} v9.9.9`), has('c', ALL)] };
  const table: [string, Partial<ModuleLists>, string[], string[]?][] = [
    ['all is well', {}, ['well']],
    ['all is well, and its repository was not asked', { direct: UNASKED }, ['well']],
    ['one lags', { mirrors: [has('a', ALL), has('b', 'v1.0.0 v1.1.0')] }, ['lags b']],
    ['one lacks something old', { mirrors: [has('a', ALL), has('b', 'v1.0.0 v1.2.0')] }, ['lags b']],
    ['one lists nothing', { mirrors: [has('a', ALL), has('b', '', P1)] }, ['lags b']],
    ['all lag behind the repository', { direct: list(`${ALL} v1.3.0`) }, ['lags a b c']],
    ['one has what nobody else has', { ...ahead, direct: UNASKED }, ['ahead b']],
    ['nor the repository', ahead, ['ahead b']],
    ['one is the first to have it', { ...ahead, direct: UNASKED }, ['lags a c'], ['v9.9.9']],
    ['the tag is gone, and mirrors remember it', { direct: list('v1.0.0 v1.1.0') }, ['well']],
    [
      'a pre-release is not the newest',
      { mirrors: [has('a', `${ALL} v2.0.0-rc.1`, 'v1.2.0'), has('b', ALL)] },
      ['well'],
    ],
    ['one mirror alone, and nobody else', { mirrors: [has('a', ALL)], direct: UNASKED }, ['well']],
    ['nothing is tagged', { mirrors: [has('a', '', P2), has('b', '', P2)], direct: list('', P2) }, ['well']],
    [
      'nothing is tagged, and one is behind',
      { mirrors: [has('a', '', P1), has('b', '', P2)], direct: list('', P2) },
      ['lags a'],
    ],
    ['one does not have it', { mirrors: [has('a', ALL), not('b')] }, ['lags b']],
    [
      'refused by one',
      { mirrors: [has('a', ALL), { name: 'b', kind: 'refused', status: 403 }] },
      ['refused b'],
    ],
    ['one fails', { mirrors: [has('a', ALL), { name: 'b', kind: 'failed', why: '503' }] }, ['failed b']],
    [
      'one of two files fails',
      { mirrors: [has('a', ALL), { ...has('b', ALL), trouble: '503' } as Mirror] },
      ['failed b'],
    ],
    ['only its repository has it', { mirrors: [not('a'), not('b')] }, ['only-direct a b']],
    ['it is not there', { mirrors: [not('a'), not('b')], direct: GONE }, ['not-there']],
    [
      'it may be there',
      { mirrors: [not('a'), { name: 'b', kind: 'failed', why: 'hangs' }], direct: GONE },
      ['failed b'],
    ],
    ['private', { privateBy: 'example.com', mirrors: [not('a', 'not-asked')], direct: UNASKED }, ['private']],
    [
      'no mirror is asked for it, and nothing is private',
      { mirrors: [not('a', 'not-asked')] },
      ['no-mirror'],
    ],
  ];
  for (const [name, lists, expected, confirmed] of table)
    assert.deepEqual(said(lists, confirmed), expected, name);
});

test('counts, and what the newest is beside the certain one', () => {
  const lists = {
    ...WELL,
    mirrors: [has('a', ALL), has('b', 'v1.0.0'), has('c', `${ALL} v9.0.0`)],
    direct: UNASKED,
  };
  const { mirrors, newest } = compareLists(lists, new Set());
  assert.equal(newest, 'v1.2.0');
  assert.deepEqual(
    mirrors.map((each) => (each.kind === 'has' ? [each.versions, each.lacks, each.standing] : each.kind)),
    [
      [3, 0, 'same'],
      [1, 2, 'behind'],
      [4, 0, 'ahead'],
    ],
  );
});

test('the database is asked for what one mirror alone has, once each', () => {
  assert.deepEqual(doubtfulVersions(WELL), []);
  const mirrors = [has('a', ALL), has('b', ALL), has('c', `${ALL} v9.0.0`), has('d', 'v1.0.0')];
  assert.deepEqual(doubtfulVersions({ ...WELL, mirrors }), ['v9.0.0']);
  assert.deepEqual(doubtfulVersions({ ...WELL, mirrors, direct: UNASKED }), ['v9.0.0']);
});
