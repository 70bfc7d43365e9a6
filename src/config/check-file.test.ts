import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFile, filesNamedIn } from './check-file.ts';
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
    ['proxy = direct', /^f:1: proxy names no mirror \(only direct\): serve has nothing to ask$/],
    [
      '; a\nproxy = direct,https://me:pw@a.example|b.example',
      /^f:2: a.example, b.example stands behind direct, where go stops reading$/,
    ],
    ['[server]\ntls = true', /^f:2: tls = true needs tls_cert and tls_key beside it$/],
    ['[server]\ntls_key = k\ntls = true', /^f:3: tls = true needs tls_cert and tls_key beside it$/],
    ['[cache]\ndir = $HOME/x', /^f:2: cache.dir = "\$HOME\/x" names a variable, and none is looked up here$/],
    ['[server]\ntls_cert = ${CERTS}/x', /^f:2: server.tls_cert = .* names a variable/],
    ['proxy = https://a.example;direct', /^f:1: what stands behind ; or # is a comment$/],
    [
      '[mirror "a"]\nurl = https://a\nmatch = https://git.corp.example',
      /^f:3: mirror.a.match = .* GOPRIVATE/,
    ],
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
    'proxy = direct\n[mirror "a"]\nurl = https://a.example\n',
    '[server]\ntls = true\ntls_cert = none\ntls_key = none\n[cache]\ndir = ~/50%/a$\n',
    'insecure = true\nproxy = http://127.0.0.1\n[mirror "x"]\nurl = http://localhost:1\nmatch = corp.example\n',
  ]) {
    assert.deepEqual(problemsOf(content), [], content);
  }
});

test('the files that it names are told with their places', () => {
  const content = `[server]
tls_cert = c.pem
tls = true
[mirror "a"]
token_file = ~/token
nonsense
`;
  assert.deepEqual(filesNamedIn({ path: '/etc/f', content }, { home: '/home/me', cacheDir: '/cache' }), [
    { where: '/etc/f:2', key: 'server.tls_cert', path: '/etc/c.pem' },
    { where: '/etc/f:5', key: 'mirror.a.token_file', path: '/home/me/token' },
  ]);
});
