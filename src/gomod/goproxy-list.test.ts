import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RondoError } from '../errors/rondo-error.ts';
import { parseGoproxyList } from './goproxy-list.ts';

test('separators belong to the entry before them', () => {
  assert.deepEqual(parseGoproxyList('https://a.test,https://b.test/base|http://127.0.0.1:8080/,direct'), {
    entries: [
      { url: 'https://a.test', separator: ',' },
      { url: 'https://b.test/base', separator: '|' },
      { url: 'http://127.0.0.1:8080/', separator: ',' },
    ],
    end: 'direct',
    endSeparator: ',',
  });
});

test('direct and off end the list; what follows is not even looked at', () => {
  assert.deepEqual(parseGoproxyList('direct,%%'), { entries: [], end: 'direct', endSeparator: undefined });
  assert.deepEqual(parseGoproxyList(' off '), { entries: [], end: 'off', endSeparator: undefined });
  const { end, endSeparator, entries } = parseGoproxyList('https://a.test|off,https://b.test');
  assert.deepEqual([end, endSeparator, entries.length], ['off', '|', 1]);
});

test('a list without an end, blanks and empty entries', () => {
  assert.deepEqual(parseGoproxyList(', https://a.test |, https://b.test ,'), {
    entries: [
      { url: 'https://a.test', separator: '|' },
      { url: 'https://b.test', separator: ',' },
    ],
    end: undefined,
    endSeparator: undefined,
  });
});

test('64 entries are the most, whatever ends them', () => {
  const hosts = (count: number): string => Array.from({ length: count }, (_, i) => `m${i}.test`).join(',');
  assert.equal(parseGoproxyList(`${hosts(64)},direct`).entries.length, 64);
  for (const text of [hosts(65), `${hosts(65)},direct`, `${hosts(64)},%%`]) {
    assert.throws(() => parseGoproxyList(text), {
      code: 'E_BAD_MIRROR_URL',
      message: 'the GOPROXY list has more than 64 entries',
    });
  }
});

test('bare hosts get https', () => {
  for (const bare of ['goproxy.cn', 'localhost:8080/x', 'mirrors.aliyun.com/goproxy/', '[::1]:80']) {
    assert.equal(parseGoproxyList(bare).entries[0]?.url, `https://${bare}`);
  }
});

test('URLs that go takes', () => {
  for (const url of [
    'file:///home/x/cache/download',
    'file:///C:/cache',
    'file://',
    'HTTPS://a.test',
    'http://[::1]:7070/base',
    'https://user:secret@a.test/base',
    'https://a.test/ba%20se',
    'https://a.test/?token=x',
  ]) {
    assert.equal(parseGoproxyList(url).entries[0]?.url, url);
  }
});

test('what is no mirror URL', () => {
  for (const [text, message] of [
    ['', /no entries/],
    [',|,', /no entries/],
    ['foo', /no scheme: "foo"/],
    ['noproxy', /no scheme/],
    ['/abs/path', /no scheme/],
    ['a b', /no scheme/],
    ['ftp://a.test', /unknown scheme/],
    ['C:\\cache', /unknown scheme/],
    ['a.b:/c', /no scheme|unknown scheme/],
    ['file:/x', /file mirror URL/],
    ['file://host/x', /file mirror URL/],
    ['file:///x?y', /file mirror URL/],
    ['file:///x#y', /file mirror URL/],
    ['http://', /no host/],
    ['https:///p', /no host/],
    ['https:/p', /no host/],
    ['https://:80/', /no host/],
    ['https:x', /host or port/],
    ['https://a b/', /host or port/],
    ['https://[::1', /host or port/],
    ['https://h.test:1a', /host or port/],
    ['https://h.test:99999', /host or port/],
    ['https://x.test/%zz', /character or escape/],
    ['https://x.test/\tx', /character or escape/],
    ['https://x.test\\y', /character or escape/],
  ] as const) {
    assert.throws(() => parseGoproxyList(text), { code: 'E_BAD_MIRROR_URL', message }, text);
  }
});

test('secrets are taken out of a message wherever slashes stand, without a search for each of them', () => {
  const refusal = (url: string): string => {
    try {
      parseGoproxyList(url);
    } catch (error) {
      if (error instanceof RondoError) return error.message;
    }
    return '';
  };
  assert.match(refusal('ftp://u:p@ss@h.test//x?token=y'), /"ftp:\/\/xxxxx@h\.test\/\/x\?xxxxx"$/);
  // Of a search for each this would take minutes.
  assert.match(refusal('/'.repeat(500_000)), /no scheme/);
});

test('an absolute path gets a hint', () => {
  assert.throws(() => parseGoproxyList('/cache/download'), { hint: 'write file:///cache/download' });
});

test('credentials are not repeated in messages', () => {
  for (const text of [
    'ftp://u:hunter2@a.test',
    'https://u:hunter2@a b/',
    'https://u:x/hunter2@a.test',
    'u:hunter2@a b',
  ]) {
    assert.throws(
      () => parseGoproxyList(text),
      (thrown: Error) => !thrown.message.includes('hunter2'),
      text,
    );
  }
});

test('never throws anything but E_BAD_MIRROR_URL', () => {
  const piece = fc.constantFrom(
    ',',
    '|',
    'direct',
    'https://',
    'file://',
    'a.b',
    ':',
    '/',
    '@',
    '%',
    '%41',
    ' ',
    '[',
    ']',
    '?',
    '\\',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      try {
        parseGoproxyList(pieces.join(''));
      } catch (thrown) {
        assert.ok(thrown instanceof RondoError && thrown.code === 'E_BAD_MIRROR_URL');
      }
    }),
  );
});
