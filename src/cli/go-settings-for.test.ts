import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Chain, GoSettings } from '../config/config.ts';
import { goSettingsFor } from './go-settings-for.ts';

const URL_OF_RONDO = 'http://127.0.0.1:7070';

const chain = (
  end: Chain['end'],
  endSeparator: Chain['endSeparator'] = ',',
  ...matches: string[]
): Chain => ({
  mirrors: matches.map((match, index) => ({
    name: `m${index}`,
    url: new URL('https://m.example'),
    weight: 10,
    tier: 0,
    match,
    probePath: '/',
  })),
  end,
  endSeparator,
  origin: 'test',
  trusted: true,
});

const go = (changes: Partial<GoSettings> = {}): GoSettings => ({
  goprivate: '',
  gonoproxy: '',
  gonosumdb: '',
  gosumdb: 'sum.golang.org',
  goinsecure: '',
  ...changes,
});

test('GOPROXY is Rondo, then the chain’s own end, which offline has none', () => {
  const table: [Chain, boolean, string][] = [
    [chain('direct'), false, `${URL_OF_RONDO},direct`],
    [chain('direct', '|'), false, `${URL_OF_RONDO}|direct`],
    [chain('off'), false, `${URL_OF_RONDO},off`],
    [chain(undefined), false, URL_OF_RONDO],
    [chain('direct'), true, URL_OF_RONDO],
  ];
  for (const [given, offline, GOPROXY] of table) {
    assert.deepEqual(goSettingsFor(URL_OF_RONDO, given, go(), offline), { GOPROXY });
  }
});

test('GOSUMDB is told only where go would go past the proxy', () => {
  const key = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';
  const table: [string, string | undefined][] = [
    ['sum.golang.org', undefined],
    ['off', undefined],
    [key, undefined],
    [`${key} https://mirror.example`, key],
    ['sum.golang.org https://mirror.example', 'sum.golang.org'],
    ['sum.golang.google.cn', 'sum.golang.org'],
  ];
  for (const [gosumdb, expected] of table) {
    assert.equal(
      goSettingsFor(URL_OF_RONDO, chain('direct'), go({ gosumdb }), false)['GOSUMDB'],
      expected,
      gosumdb,
    );
  }
});

test('of GONOPROXY go loses the patterns for which a mirror is there', () => {
  const table: [string, string[], string | undefined][] = [
    ['', ['corp.example'], undefined],
    ['corp.example', [], undefined],
    ['corp.example', ['*'], undefined],
    ['corp.example', ['corp.example'], 'none'],
    ['corp.example/', ['corp.example/team'], 'none'],
    ['corp.example/team', ['corp.example'], 'none'],
    ['*.corp.example', ['git.corp.example/x'], 'none'],
    ['git.corp.example', ['*.corp.example'], 'none'],
    ['a.example,b.example, c.example/x', ['b.example,*'], 'a.example,c.example/x'],
    ['corp.example/one', ['corp.example/two'], undefined],
    ['*.corp.example', ['corp.example'], undefined],
    ['c*p.example', ['*.example'], 'none'],
  ];
  for (const [gonoproxy, matches, expected] of table) {
    const variables = goSettingsFor(URL_OF_RONDO, chain('direct', ',', ...matches), go({ gonoproxy }), false);
    assert.equal(variables['GONOPROXY'], expected, `${gonoproxy} with ${matches.join(' ')}`);
  }
});

test('a GOSUMDB that go would refuse is refused', () => {
  assert.throws(
    () => goSettingsFor(URL_OF_RONDO, chain('direct'), go({ gosumdb: 'nonsense' }), false),
    /GOSUMDB/,
  );
});
