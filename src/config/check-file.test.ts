import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFile } from './check-file.ts';
import { renderInitFile } from './init-file.ts';

const problemsOf = (content: string): [string, string | undefined][] =>
  checkFile({ path: 'f', content }, { home: '/home/me', cacheDir: '/cache' }).map(({ message, hint }) => [
    message,
    hint,
  ]);

test('all mistakes of a file are found at once', () => {
  const content = `proxi = https://a.example
insecure = yes
nonsense
[cahce]
memory = 1
[timeouts]
connect = 5x
header = 1s
header = 2s
[timeouts
tls = ignored below a section that is none
[mirror "a"]
weight = 0
`;
  assert.deepEqual(problemsOf(content), [
    ['f:3: "nonsense" is not of the form key = value', undefined],
    ['f:9: "header" is given twice, first in line 8', undefined],
    ['f:10: "[timeouts" is not a section', 'sections are written [cache], or [mirror "goproxy.cn"]'],
    ['f:1: there is no key "proxi" before the first section', 'did you mean proxy?'],
    ['f:5: there is no section [cahce]', 'did you mean [cache]?'],
    ['f:2: insecure = "yes" must be true or false', undefined],
    ['f:7: timeouts.connect = "5x" is not a duration (write 500ms, 5s or 2m)', undefined],
    ['f:13: mirror.a.weight = "0" must be a whole number from 1 to 1000', undefined],
  ]);
});

test('what only shows in the whole is found, too', () => {
  const table: [string, RegExp][] = [
    [
      '[timeouts]\nheader = 1s',
      /^timeouts.header_soft = 3s \(default\) must not be longer than timeouts.header = 1s \(f:2\)$/,
    ],
    ['proxy = htp://a', /^file f:1: /],
    ['proxy = https://a.example\n[mirror "b"]\nweight = 2', /^f:3: no mirror of proxy is called "b"$/],
    ['[mirror "b"]\nurl = ftp://b', /^f:2: "ftp:\/\/b" is not an http, https or file URL$/],
  ];
  for (const [content, message] of table) {
    const problems = problemsOf(content);
    assert.equal(problems.length, 1, content);
    assert.match(problems[0]?.[0] ?? '', message);
  }
});

test('a good file has none: what is not its own matter is not asked', () => {
  for (const content of [
    '',
    renderInitFile({ proxy: 'https://a.example,direct', mirrors: [] }),
    '[mirror "of.somebody.else"]\nweight = 3\n',
    'proxy = https://a.example\n[mirror "a.example"]\ntoken_env = NOT_SET_HERE\n',
    'insecure = true\nproxy = http://127.0.0.1\n[mirror "x"]\nurl = http://localhost:1\nmatch = corp.example\n',
  ]) {
    assert.deepEqual(problemsOf(content), [], content);
  }
});
