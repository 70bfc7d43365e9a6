import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MirrorFact, VersionFacts } from './facts.ts';
import { verdictsOf } from './verdict.ts';

const H = { mod: 'h1:mod', zip: 'h1:zip' };
const COMMIT = 'a'.repeat(40);

const has = (name: string, more: object = {}): MirrorFact => ({
  name,
  kind: 'has',
  ...H,
  commit: COMMIT,
  ...more,
});
const none = (name: string): MirrorFact => ({ name, kind: 'not-there' });

const WELL: VersionFacts = {
  module: 'example.com/m',
  version: 'v1.0.0',
  privateBy: undefined,
  isPseudo: false,
  mirrors: [has('a'), has('b'), has('c')],
  direct: { kind: 'has', commit: COMMIT },
  database: { kind: 'known', ...H },
  goSum: H,
};

/** `kind: a b` for each finding. */
function said(facts: Partial<VersionFacts>): string[] {
  return verdictsOf({ ...WELL, ...facts }).map(({ kind, mirrors }) => [kind, ...mirrors].join(' '));
}

test('what the facts come to', () => {
  const absent = { kind: 'absent' } as const;
  const gone = { kind: 'not-there', words: 'unknown revision' } as const;
  const table: [string, Partial<VersionFacts>, string[]][] = [
    ['all is well', {}, ['well']],
    ['nothing in go.sum', { goSum: {} }, ['well']],
    ['one lags', { mirrors: [has('a'), none('b'), has('c')] }, ['lags b']],
    ['one has other bytes', { mirrors: [has('a'), has('b', { zip: 'h1:other' })] }, ['lies b']],
    ['go.sum is of before the tag was moved', { goSum: { zip: 'h1:old' } }, ['go-sum-differs']],
    ['the tag was moved later', { direct: { kind: 'has', commit: 'b'.repeat(40) } }, ['tag-moved a b c']],
    ['it was moved, and nobody vouches', { database: absent, goSum: { mod: 'h1:old' } }, ['go-sum-differs']],
    [
      'mirrors disagree, and nobody vouches',
      { database: absent, mirrors: [has('a'), has('b', { mod: 'h1:x' })] },
      ['mirrors-differ a b'],
    ],
    [
      'an invented pseudo-version',
      {
        isPseudo: true,
        database: absent,
        direct: gone,
        mirrors: [has('a'), none('b'), none('c')],
        goSum: {},
      },
      ['invented a'],
    ],
    ['refused by one', { mirrors: [has('a'), { name: 'b', kind: 'refused', status: 403 }] }, ['refused b']],
    ['one fails', { mirrors: [has('a'), { name: 'b', kind: 'failed', why: '503' }] }, ['failed b']],
    [
      'only its repository has it',
      { mirrors: [none('a'), none('b')], database: absent, goSum: {} },
      ['only-direct a b'],
    ],
    ['only the database remembers it', { mirrors: [none('a')], direct: gone }, ['only-direct a']],
    [
      'it is not there',
      { mirrors: [none('a'), none('b')], direct: gone, database: absent, goSum: {} },
      ['not-there'],
    ],
    [
      'it may be there: one could not be asked',
      {
        mirrors: [none('a'), { name: 'b', kind: 'failed', why: 'hangs' }],
        direct: gone,
        database: absent,
        goSum: {},
      },
      ['failed b'],
    ],
    ['private', { privateBy: 'example.com', mirrors: [{ name: 'a', kind: 'not-asked' }] }, ['private']],
    [
      'several at once',
      { mirrors: [has('a', { zip: 'h1:x' }), none('b'), { name: 'c', kind: 'refused', status: 403 }] },
      ['lies a', 'lags b', 'refused c'],
    ],
  ];
  for (const [name, facts, expected] of table) assert.deepEqual(said(facts), expected, name);
});

test('a database that does not answer, or contradicts itself, is told, whatever the mirrors have', () => {
  assert.deepEqual(said({ database: { kind: 'unreachable', why: 'no answer' } }), ['database-failed']);
  assert.deepEqual(said({ database: { kind: 'untrusted', why: 'two trees' } }), ['database-untrusted']);
});

test('a moved tag is told of those that name a commit, and that no mirror is for a public module', () => {
  const unnamed: MirrorFact = { name: 'b', kind: 'has', ...H };
  const moved = { kind: 'has', commit: 'b'.repeat(40) } as const;
  assert.deepEqual(said({ mirrors: [has('a'), unnamed], direct: moved }), ['tag-moved a']);
  assert.deepEqual(said({ mirrors: [{ name: 'a', kind: 'not-asked' }] }), ['no-mirror']);
});
