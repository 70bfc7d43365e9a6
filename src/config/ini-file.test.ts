import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RondoError } from '../errors/rondo-error.ts';
import { parseIniFile } from './ini-file.ts';

const FILE = `; a comment
proxy    = https://a.example,https://b.example/x/,direct ; behind it
insecure = false

[cache]
dir = "~/my cache"
[mirror "goproxy.cn"] # dots stay in the name
weight = 20
`;

test('entries keep their section, their name with its dots, and their line', () => {
  assert.deepEqual(parseIniFile(FILE, 'f'), [
    {
      section: '',
      name: undefined,
      key: 'proxy',
      text: 'https://a.example,https://b.example/x/,direct',
      line: 2,
    },
    { section: '', name: undefined, key: 'insecure', text: 'false', line: 3 },
    { section: 'cache', name: undefined, key: 'dir', text: '~/my cache', line: 6 },
    { section: 'mirror', name: 'goproxy.cn', key: 'weight', text: '20', line: 8 },
  ]);
});

test('what is meant as a comment is one', () => {
  for (const line of [
    'proxy = https://a ; https://b, direct',
    'hold = 5s;as the manual of https says',
    'hold = 5s ;https://manual.example',
    'insecure = false# direct.example is no mirror',
    'dir = "a;https://b"',
    String.raw`dir = a\;direct`,
    String.raw`proxy = https://a\#https://b`,
  ])
    assert.equal(parseIniFile(line, 'f').length, 1, line);
});

test('Windows line ends, a byte order mark and old Mac line ends are no trouble', () => {
  assert.deepEqual(
    parseIniFile('\u{FEFF}a = 1\r\n[s]\rb = 2', 'f').map(({ section, key, line }) => [section, key, line]),
    [
      ['', 'a', 1],
      ['s', 'b', 3],
    ],
  );
});

test('mistakes name the file and the line', () => {
  const table: [string, RegExp][] = [
    ['a = 1\nnonsense', /^f:2: "nonsense" is not of the form/],
    ['[cache\ndir = x', /^f:1: "\[cache" is not a section/],
    ['[a.b "c"]', /^f:1: /],
    ['a = 1\na = 2', /^f:2: "a" is given twice, first in line 1/],
    ['[mirror "x"]\nurl = 1\n[mirror "x"]\nurl = 2', /^f:4: "url" is given twice, first in line 2/],
    ['a[] = 1', /^f:1: /],
    ['__proto__ = 1', /^f:1: /],
    ['= 1', /^f:1: /],
    ['proxy = https://a;https://b;direct', /^f:1: what stands behind ; or # is a comment$/],
    ['proxy = https://a;direct', /^f:1: what stands behind ; or # is a comment$/],
    ['\nproxy=https://a#https://b', /^f:2: what stands behind ; or # is a comment$/],
  ];
  for (const [content, message] of table) {
    assert.throws(
      () => parseIniFile(content, 'f'),
      (error) => error instanceof RondoError && error.code === 'E_CONFIG' && message.test(error.message),
      content,
    );
  }
});

test('what is too much is reported before anything looks at it', () => {
  const long = 'x'.repeat(8193);
  const many = Array.from({ length: 300 }, (_, i) => `[mirror "m${i}"]\nweight = 1\n`).join('');
  const table: [string, string][] = [
    [`a = 1\nproxy = ${long}`, 'f:2: the line is longer than 8192 characters'],
    [`; ${long}`, 'f:1: the line is longer than 8192 characters'],
    [many, 'f:513: there are more than 256 [mirror] sections'],
  ];
  for (const [content, message] of table)
    assert.throws(() => parseIniFile(content, 'f'), { code: 'E_CONFIG', message });
  const told: string[] = [];
  const entries = parseIniFile(`${many}[cache]\nhold = 1s`, 'f', ({ message }) => void told.push(message));
  assert.deepEqual([entries.length, told.length], [256, 1]);
  const again = Array.from({ length: 300 }, () => '[mirror "m"]\n').join('');
  assert.equal(parseIniFile(`${again}weight = 1`, 'f').length, 1, 'sections of one name are one');
});

test('no file makes the parser fail in another way, or touch a prototype', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('[', ']', '"', '=', '\n', '__proto__', 'a', '.', ';', "'", '\\', '{}', ' ')),
      (parts) => {
        try {
          for (const entry of parseIniFile(parts.join(''), 'f')) assert.equal(typeof entry.text, 'string');
        } catch (error) {
          assert.ok(error instanceof RondoError, String(error));
        }
        assert.equal(Object.hasOwn(Object.prototype, 'a'), false);
      },
    ),
    { numRuns: 2000 },
  );
});
