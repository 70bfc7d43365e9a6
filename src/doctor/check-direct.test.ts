import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../words/render.ts';
import { checkDirect, directUse, type DirectFacts } from './check-direct.ts';

const WELL: DirectFacts = {
  use: 'direct',
  hasGit: true,
  sample: 'golang.org/x/text@v0.3.0',
  answer: { kind: 'has', h1: 'h1:right' },
  isReliedOn: false,
  mirrors: [
    { name: 'a', h1: 'h1:right' },
    { name: 'b', h1: 'h1:right' },
  ],
};

/** `finding direct.no-git` for each. */
function said(facts: Partial<DirectFacts>, rightH1?: string): string[] {
  return checkDirect({ ...WELL, ...facts }, rightH1).map(({ level, id }) => `${level} ${id}`);
}

test('what is wrong with repositories, only for whoever needs them', () => {
  const blocked = { kind: 'not-had', why: 'no answer within 20 s' } as const;
  const other = [{ name: 'a', h1: 'h1:other' }];
  const table: [string, Partial<DirectFacts>, string | undefined, string[]][] = [
    ['all is well', {}, 'h1:right', []],
    [
      'nobody asks repositories',
      { use: undefined, hasGit: false, answer: blocked, isReliedOn: true },
      undefined,
      [],
    ],
    ['no git', { hasGit: false, answer: undefined }, undefined, ['finding direct.no-git']],
    [
      'no git, and private modules',
      { use: 'private', hasGit: false, answer: undefined },
      undefined,
      ['finding direct.no-git'],
    ],
    ['private modules alone', { use: 'private', answer: undefined }, undefined, []],
    ['blocked, and mirrors work', { answer: blocked }, undefined, ['note direct.unreachable']],
    [
      'blocked, and nothing else is left',
      { answer: blocked, isReliedOn: true },
      undefined,
      ['finding direct.unreachable'],
    ],
    ['one mirror has something else', { mirrors: other }, undefined, ['finding direct.other-content']],
    ['the repository has something else', { mirrors: other }, 'h1:other', ['finding direct.other-content']],
    ['a mirror lies, which is said of it', { mirrors: other }, 'h1:right', []],
    ['no mirror gave it whole', { mirrors: [] }, undefined, []],
  ];
  for (const [name, facts, rightH1, expected] of table)
    assert.deepEqual(said(facts, rightH1), expected, name);
  const [found] = checkDirect({ ...WELL, mirrors: other }, undefined);
  assert.equal(
    render(found?.what ?? ''),
    'a and the repository of golang.org/x/text@v0.3.0 have different content',
  );
  assert.equal(found?.fix, 'rondo why golang.org/x/text@v0.3.0');
});

test('when go asks repositories', () => {
  const values = (name: string, value: string): Parameters<typeof directUse>[0] =>
    new Map([[name, { value, from: 'environment' }]]);
  assert.equal(directUse(values('GOPROXY', 'https://a.example,direct'), undefined), 'direct');
  assert.equal(directUse(values('GOPROXY', 'direct'), undefined), 'direct');
  assert.equal(directUse(values('GOPROXY', 'https://a.example'), 'direct'), 'direct', "Rondo's own chain");
  assert.equal(directUse(values('GOPROXY', 'https://a.example'), 'off'), undefined);
  assert.equal(directUse(values('GOPROXY', ','), undefined), undefined);
  assert.equal(directUse(values('GOPRIVATE', 'corp.example'), undefined), 'private');
  assert.equal(directUse(values('GONOPROXY', 'none'), undefined), undefined);
});
