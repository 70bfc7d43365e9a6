import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import { render } from '../words/render.ts';
import { checkGo, type GoFacts } from './check-go.ts';
import type { GoValue } from './go-setting.ts';

const WELL: GoFacts = {
  command: '/usr/local/go/bin/go',
  version: 'go1.26.8',
  goroot: '/usr/local/go',
  gopath: '/home/a/go',
  ownGoroot: '/usr/local/go',
  hasGofmt: true,
  hasGopathBin: true,
  path: ['/usr/bin', '/usr/local/go/bin', '/home/a/go/bin'],
  values: new Map([['GOPROXY', { value: 'http://127.0.0.1:7070,direct', from: 'go env -w' }]]),
  written: new Map([['GOPROXY', 'http://127.0.0.1:7070,direct']]),
  silent: [],
  installed: [],
  join: posix.join,
};

function withValue(name: string, value: string, from: GoValue['from'] = 'go env -w'): Partial<GoFacts> {
  return { values: new Map([...WELL.values, [name, { value, from }]]) };
}

test('on a healthy machine there is no finding at all', () => {
  assert.deepEqual(checkGo(WELL), []);
  assert.deepEqual(checkGo({ ...WELL, hasGopathBin: false, path: ['/usr/local/go/bin'] }), []);
});

test('the folders of PATH are counted as people count', () => {
  const evidenceFor = (path: readonly string[]): string[] =>
    checkGo({ ...WELL, command: undefined, path }).flatMap(({ evidence }) =>
      evidence.map((text) => render(text)),
    );
  assert.deepEqual(evidenceFor(['/bin']), ['PATH has 1 folder, and go is not in it']);
  assert.deepEqual(evidenceFor(['/bin', '/sbin']), ['PATH has 2 folders, and go is in none of them']);
});

// tidy: long because it is a table.
test('each thing that is wrong, and what mends it', () => {
  const chain = 'https://goproxy.cn,https://goproxy.io,direct';
  const table: [string, Partial<GoFacts>, string, string | undefined][] = [
    ['no go', { command: undefined }, 'go.missing', 'rondo toolchain install 1.26.8 && eval "$(rondo env)"'],
    [
      'no go, but one installed',
      { command: undefined, installed: ['1.27.1', '1.26.8'] },
      'go.missing',
      'eval "$(rondo env)"   (Go 1.27.1 is installed)',
    ],
    [
      'GOROOT',
      { ...withValue('GOROOT', '/old', 'environment'), goroot: undefined },
      'go.goroot',
      'unset GOROOT',
    ],
    [
      'another GOROOT',
      { ...withValue('GOROOT', '/opt/go1.20', 'go env -w'), goroot: '/opt/go1.20' },
      'go.goroot-other',
      'go env -u GOROOT',
    ],
    [
      'a go that says nothing',
      { version: undefined, values: new Map() },
      'go.fails',
      'see what it says: go env',
    ],
    [
      'GOPATH/bin',
      { path: ['/usr/bin'] },
      'go.gopath-bin',
      'export PATH="$PATH:/home/a/go/bin"   (in every shell: rondo env --write)',
    ],
    ['GO111MODULE', withValue('GO111MODULE', 'off', 'environment'), 'go.go111module', 'unset GO111MODULE'],
    ['GOSUMDB', withValue('GOSUMDB', 'off'), 'go.gosumdb', 'go env -u GOSUMDB'],
    ['GOPRIVATE', withValue('GOPRIVATE', 'corp.example,*'), 'go.goprivate', 'go env -u GOPRIVATE'],
    ['GOFLAGS', withValue('GOFLAGS', '-insecure -v', 'environment'), 'go.goflags', 'unset GOFLAGS'],
    [
      'commas',
      withValue('GOPROXY', chain),
      'go.goproxy-commas',
      'rondo exec -- go build ./...   (or for good: rondo init --set-go-env, and rondo serve)',
    ],
    ['off', withValue('GOPROXY', 'off'), 'go.goproxy-off', 'rondo init --set-go-env'],
    [
      'no list',
      { ...withValue('GOPROXY', '"https://goproxy.cn"', 'environment'), written: new Map() },
      'go.goproxy-malformed',
      'unset GOPROXY',
    ],
    [
      'hidden',
      withValue('GOPROXY', 'direct', 'environment'),
      'go.hidden',
      'unset GOPROXY, or: go env -u GOPROXY',
    ],
  ];
  for (const [name, facts, id, fix] of table) {
    const found = checkGo({ ...WELL, ...facts }).filter(({ level }) => level === 'finding');
    assert.deepEqual(
      found.map(({ id, fix }) => [id, fix === undefined ? undefined : render(fix)]),
      [[id, fix]],
      name,
    );
  }
});

test('a Rondo that go is to use and that does not run, and what starts it', () => {
  const goproxy = withValue('GOPROXY', 'http://127.0.0.1:7070,direct', 'environment');
  const found = (port: number, facts: Partial<GoFacts> = {}): unknown[] =>
    checkGo({ ...WELL, ...facts, silent: [{ host: '127.0.0.1', port }] }).map(
      ({ id, level, what, evidence, fix }) => [
        id,
        level,
        render(what),
        render(evidence.at(-1) ?? ''),
        render(fix ?? ''),
      ],
    );
  assert.deepEqual(found(7070), [
    [
      'go.goproxy-silent',
      'finding',
      'GOPROXY names 127.0.0.1:7070, and nobody listens there',
      'go says: dial tcp 127.0.0.1:7070: connect: connection refused',
      'rondo serve   (or, to do without Rondo: go env -u GOPROXY)',
    ],
  ]);
  const [other] = found(9000, { ...goproxy, written: new Map() }) as string[][];
  assert.equal(other?.[4], 'rondo serve --port 9000   (or, to do without Rondo: unset GOPROXY)');
});

test('a semicolon or a space between the entries of GOPROXY is one finding, with the list as it is meant', () => {
  const table = [
    ['https://proxy.example;direct', 'environment', 'export GOPROXY=https://proxy.example,direct'],
    [
      'https://a.example; https://b.example|direct',
      'go env -w',
      "go env -w GOPROXY='https://a.example,https://b.example|direct'",
    ],
    ['https://a.example direct', 'go env -w', 'go env -w GOPROXY=https://a.example,direct'],
  ] as const;
  for (const [value, from, fix] of table) {
    const facts = { ...WELL, ...withValue('GOPROXY', value, from), written: new Map<string, string>() };
    assert.deepEqual(
      checkGo(facts).map(({ id, fix }) => [id, fix]),
      [['go.goproxy-separator', fix]],
    );
  }
  assert.deepEqual(checkGo({ ...WELL, ...withValue('GOPROXY', 'https://a.example | direct') }), []);
});

test('why a list is none is said with it', () => {
  const [found] = checkGo({ ...WELL, ...withValue('GOPROXY', 'htps://a.example,direct') });
  assert.deepEqual(
    found?.evidence.map((each) => render(each)),
    [
      'GOPROXY=htps://a.example,direct by go env -w',
      'mirror URL has an unknown scheme (it must be https, http or file): "htps://a.example"',
    ],
  );
});

test('a bar stands in after any failure, and direct is worth a note', () => {
  assert.deepEqual(
    checkGo({ ...WELL, ...withValue('GOPROXY', 'https://a.example|https://b.example,direct') }),
    [],
  );
  const direct = checkGo({ ...WELL, ...withValue('GOPROXY', 'direct') });
  assert.deepEqual(
    direct.map(({ id, level }) => [id, level]),
    [['go.goproxy-direct', 'note']],
  );
});

test('gofmt that is not where go is found is worth a note', () => {
  assert.deepEqual(
    checkGo({ ...WELL, hasGofmt: false }).map(({ id, level, fix }) => [id, level, render(fix ?? '')]),
    [
      [
        'go.goroot-bin',
        'note',
        'export PATH="$PATH:/usr/local/go/bin"   (in every shell: rondo env --write)',
      ],
    ],
  );
});

test('a password in GOPROXY is not shown', () => {
  const [found] = checkGo({
    ...WELL,
    ...withValue('GOPROXY', 'https://me:secret@a.example,https://b.example'),
  });
  assert.deepEqual(
    found?.evidence.map((each) => render(each)),
    ['GOPROXY=https://…@a.example,https://b.example by go env -w'],
  );
});

test('only what go env -w has written can be mended safely', () => {
  const [written] = checkGo({ ...WELL, ...withValue('GOSUMDB', 'off') });
  assert.deepEqual(written?.safe, { unset: 'GOSUMDB' });
  const [environment] = checkGo({ ...WELL, ...withValue('GOSUMDB', 'off', 'environment') });
  assert.equal(environment?.safe, undefined);
});
