import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import type { VersionFacts } from '../inquiry/facts.ts';
import { tableOf } from '../words/language.ts';
import { verdictsOf } from '../inquiry/verdict.ts';
import { english } from '../../test/support/english.ts';
import { whyLines, whyTable } from './why-words.ts';

const h1 = (letter: string): string => `h1:${letter.repeat(43)}=`;
const FACTS: VersionFacts = {
  module: 'example.com/m',
  version: 'v1.0.0',
  privateBy: undefined,
  isPseudo: false,
  mirrors: [
    { name: 'mirrors.aliyun.com/goproxy', kind: 'has', mod: h1('a'), zip: h1('b'), commit: 'c'.repeat(40) },
    { name: 'goproxy.io', kind: 'refused', status: 403 },
    { name: 'goproxy.cn', kind: 'failed', why: 'connect ETIMEDOUT' },
  ],
  direct: { kind: 'not-asked', why: 'there is no go' },
  database: { kind: 'exempt' },
  goSum: { mod: h1('a'), zip: h1('b') },
};

test('the table is no wider than the terminal, and what was cut of who has it stands below, in Chinese too', async () => {
  for (const table of [undefined, await tableOf('zh')])
    for (const width of [40, 55, 60, 80, 120]) {
      const lines = whyTable(FACTS, { width, color: false, table });
      for (const line of lines) assert.ok(stringWidth(line) <= width, `${width}: ${line}`);
    }
  const text = whyTable(FACTS, { width: 40, color: false }).join('\n');
  assert.match(
    text,
    /^checksum database\n {4}not asked…\n {4}not asked: GONOSUMDB, GOPRIVATE or\n {4}GOSUMDB$/m,
  );
  assert.match(text, /^its repository\n {4}not asked…\n {4}not asked: there is no go$/m);
  assert.match(text, /^mirrors\.aliyun\.com\/goproxy\n {4}yes {9}h1:aa+… {2}h1:bb+…$/m);
});

test('a mirror that refuses is quoted, and that the database has no such version is said', () => {
  const facts: VersionFacts = {
    ...FACTS,
    mirrors: [
      { name: 'a.example', kind: 'has', mod: h1('a'), zip: h1('b') },
      { name: 'b.example', kind: 'refused', status: 403, words: 'not in our list' },
    ],
    database: { kind: 'absent' },
  };
  assert.match(
    whyTable(facts, { width: 80, color: false }).join('\n'),
    /^b\.example .*refuses \(403\)\n {4}not in our list$/m,
  );
  assert.deepEqual(english(whyLines(facts, verdictsOf(facts))), [
    'b.example refuses to serve it: not in our list',
    'add a mirror that carries it, or the credentials that this one asks for',
    'the checksum database has no example.com/m@v1.0.0: go takes it only where GONOSUMDB or GOPRIVATE names it',
  ]);
  const nowhere: VersionFacts = { ...facts, mirrors: [{ name: 'a.example', kind: 'not-there' }] };
  const first = (database: VersionFacts['database']): string =>
    english(whyLines({ ...nowhere, database }, [{ kind: 'not-there', mirrors: [] }]))[0] ?? '';
  assert.match(first({ kind: 'absent' }), /no repository and no checksum database has it$/);
  assert.match(first({ kind: 'exempt' }), /no mirror and no repository has it$/);
});

test('of a private module it is said who fetches it, and of a public one that no mirror is for it', () => {
  const facts: VersionFacts = {
    ...FACTS,
    privateBy: 'example.com',
    mirrors: [{ name: 'a.example', kind: 'not-asked' }],
  };
  const linesOf = (more: Partial<VersionFacts>): string[] => {
    const all = { ...facts, ...more };
    return english(whyLines(all, verdictsOf(all)));
  };
  assert.match(linesOf({ isPastProxies: true })[0] ?? '', /^example\.com\/m is private: .* go fetches it/);
  assert.deepEqual(linesOf({}), [
    'example.com/m is private by example.com: the chain came with this project, and its mirrors do not hear the name',
    'where those mirrors may hear it: rondo config trust',
  ]);
  assert.deepEqual(linesOf({ privateBy: undefined }), [
    'no mirror of the chain carries example.com/m',
    'give a mirror match = *, or let the chain end in direct',
  ]);
});
