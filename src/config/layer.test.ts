import { english } from '../../test/support/english.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RondoError, type ErrorWords } from '../errors/rondo-error.ts';
import { tableOf } from '../words/language.ts';
import { render } from '../words/render.ts';
import type { Text } from '../words/text.ts';
import { parseIniFile } from './ini-file.ts';
import { keyPath, type Key } from './key.ts';
import { MIRROR, TOP_LEVEL } from './keys.ts';
import { SECTIONS } from './section-keys.ts';
import { createLayer, ignoredWarnings } from './layer.ts';

const layer = (content: string, trusted: boolean) => createLayer(parseIniFile(content, 'f'), 'f', trusted);

test('a trusted file may say everything', () => {
  const { values, mirrors, ignored } = layer(
    'proxy = https://a.example\nskipsum = true\n[cache]\ndir = /x\n[mirror "a.b"]\nurl = http://localhost\nweight = 3',
    true,
  );
  assert.deepEqual(
    [...values].map(([path, { text, line }]) => [path, text, line]),
    [
      ['proxy', 'https://a.example', 1],
      ['skipsum', 'true', 2],
      ['cache.dir', '/x', 4],
    ],
  );
  assert.deepEqual(mirrors.get('a.b')?.get('weight'), { text: '3', line: 7 });
  assert.deepEqual(ignored, []);
});

test('unknown names are errors that name the nearest one, whoever wrote the file', () => {
  const table: [string, string, string | undefined][] = [
    ['[cahce]\ndir = x', 'f:2: there is no section [cahce]', 'did you mean [cache]?'],
    ['[cache]\nmemroy = 1', 'f:2: there is no key "memroy" in [cache]', 'did you mean memory?'],
    ['insecur = true', 'f:1: there is no key "insecur" before the first section', 'did you mean insecure?'],
    [
      '[server]\nquarantine = 1m',
      'f:2: there is no key "quarantine" in [server]',
      'did you mean [breaker] quarantine?',
    ],
    ['[mirror "a"]\nwieght = 1', 'f:2: there is no key "wieght" in [mirror]', 'did you mean weight?'],
    ['[mirror]\nweight = 1', 'f:2: [mirror] has no name', 'write [mirror "goproxy.cn"]'],
    ['[cache "x"]\ndir = 1', 'f:2: [cache] takes no name', undefined],
    [
      'proxi = https://a.example',
      'f:1: there is no key "proxi" before the first section',
      'did you mean proxy?',
    ],
    ['[serve]\nlisten = 1', 'f:2: there is no section [serve]', 'did you mean [server]?'],
    [
      '[server]\nport = 1',
      'f:2: there is no key "port" in [server]',
      `the keys in [server] are ${Object.values(SECTIONS.server)
        .map(({ name }) => name)
        .join(', ')}`,
    ],
    [
      '[constructor]\ndir = 1',
      'f:2: there is no section [constructor]',
      `the sections are ${[...Object.keys(SECTIONS), 'mirror', 'target'].map((name) => `[${name}]`).join(', ')}`,
    ],
    [
      '[cache]\ntoString = 1',
      'f:2: there is no key "toString" in [cache]',
      `the keys in [cache] are ${Object.values(SECTIONS.cache)
        .map(({ name }) => name)
        .join(', ')}`,
    ],
  ];
  const hidden = (quoted: string): string => (quoted.startsWith('[') ? '[…]' : '"…"');
  const both = table.flatMap((row) => [true, false].map((trusted) => [...row, trusted] as const));
  for (const [content, message, hint, trusted] of both) {
    assert.throws(
      () => layer(content, trusted),
      (error) => {
        assert.ok(error instanceof RondoError);
        // A stranger's file is not quoted: it may be a secret of the user's.
        const said = trusted ? message : message.replace(/"\w+"|(?<=section )\[\w+\]/, hidden);
        assert.deepEqual([error.code, error.message, error.hint], ['E_CONFIG', said, hint]);
        return true;
      },
    );
  }
});

test('an untrusted file may give mirrors and tune weights, time limits and retries; the rest is named', () => {
  const untrusted = layer(
    `proxy = goproxy.example,direct
skipsum = true
[cache]
dir = /etc
[timeouts]
header = 5s
[retry]
delay = 1s
[mirror "goproxy.example"]
url = https://goproxy.example/
weight = 20
match = corp.example
[mirror "other"]
url = https://goproxy.example
[mirror "other.example"]
url = https://other.example
`,
    false,
  );
  const { values, mirrors } = untrusted;
  const warnings = english(ignoredWarnings(untrusted));
  assert.deepEqual([...values.keys()], ['proxy', 'timeouts.header', 'retry.delay']);
  assert.deepEqual([...(mirrors.get('goproxy.example')?.keys() ?? [])], ['weight']);
  assert.equal(warnings.length, 1);
  assert.match(
    warnings[0] ?? '',
    /ignored skipsum, cache\.dir, mirror\.goproxy\.example\.match, mirror\.other\.url, mirror\.other\.example\.url \(/,
  );
});

test('an untrusted file cannot point at this machine, at the link, or at plain http', () => {
  for (const url of [
    'http://a.example',
    'https://localhost',
    'https://127.1',
    'https://[::ffff:7f00:1]',
    'https://0.0.0.0:1',
    'https://169.254.169.254',
    'https://[fe80::1]',
    'file:///etc',
    'https://good.example|https://localhost.',
    '',
  ]) {
    const { values, refused } = layer(`; a\nproxy = ${url}`, false);
    assert.equal(values.has('proxy'), false, url);
    assert.equal(refused?.line, 2, url);
    assert.match(english([refused.problem])[0] ?? '', /is not https|is on this machine or link|no entries/);
  }
});

test('what an untrusted file may set is mirrors, weights, time limits and retries, and nothing else', () => {
  const free = Object.entries<Record<string, Key<unknown>>>({ '': TOP_LEVEL, ...SECTIONS, mirror: MIRROR })
    .flatMap(([section, keys]) =>
      Object.values(keys)
        .filter((key) => key.untrusted === true)
        .map((key) => keyPath(section, key.name)),
    )
    .filter((path) => !/^(timeouts|retry)\./.test(path));
  assert.deepEqual(free, ['proxy', 'mirror.weight']);
});

test('all ignored keys are named, but a hostile file does not fill the screen', () => {
  const many = Array.from({ length: 250 }, (_, i) => `[mirror "m${i}.example"]\ntier = 1\n`).join('');
  const lines = english(ignoredWarnings(layer(many, false)));
  assert.ok(lines.length < 30 && lines.every((line) => line.length < 400));
  assert.match(lines[0] ?? '', /ignored mirror\.m0\.example\.tier, mirror\.m1\.example\.tier, /);
  assert.match(lines.at(-1) ?? '', /, and 100 more \(`rondo config trust` takes all of it\)$/);
});

test('in Chinese a mistake in a name is told whole, and so are keys that are too many', async () => {
  const table = await tableOf('zh');
  const zh = (text: Text | string | undefined): string => render(text ?? '', table);
  const mistakes = ['[cahce]\ndir = x', 'prox = x', '[cache]\nqqqqqq = 1'].map((text) => {
    let said: ErrorWords | undefined;
    createLayer(parseIniFile(text, '.goproxy'), '.goproxy', true, (problem) => void (said = problem.said));
    return [zh(said?.message), zh(said?.hint).replace(/：.*/s, '')];
  });
  assert.deepEqual(mistakes, [
    ['.goproxy:2：没有节 [cahce]', '您是指 [cache] 吗？'],
    ['.goproxy:1：第一个节之前没有键 "prox"', '您是指 proxy 吗？'],
    ['.goproxy:2：[cache] 中没有键 "qqqqqq"', '[cache] 中可用的键有'],
  ]);
  const ignored = Array.from({ length: 152 }, (_, index) => ({ path: `k${index}`, text: '' }));
  const layer = { ...createLayer([], '.goproxy', false), ignored };
  assert.match(zh(ignoredWarnings(layer).at(-1)), /k149，另有 2 个/);
});
