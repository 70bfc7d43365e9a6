import { english } from '../../test/support/english.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  chainFailure,
  fileChain as file,
  NO_CHAIN_INPUT as NOTHING,
  showChain as show,
} from '../../test/support/chain-input.ts';
import type { MirrorSection } from './build-mirrors.ts';
import type { ConfiguredMirror } from './config.ts';
import type { KeptChain } from './kept-chain.ts';
import { resolveChain, type ChainInput } from './resolve-chain.ts';

const section = (name: string, values: MirrorSection['values'], layer = 0): MirrorSection => ({
  name,
  where: '/f:9',
  layer,
  urlLayer: values.url === undefined ? undefined : layer,
  values,
});

const mirror = (url: string): ConfiguredMirror => ({
  name: new URL(url).host,
  url: new URL(url),
  weight: 10,
  tier: 0,
  match: '*',
  probePath: '/probe',
});

const kept = (port: number, url: string, trusted = true): KeptChain => ({
  address: { host: '127.0.0.1', port },
  chain: { mirrors: [mirror(url)], end: 'direct', endSeparator: '|', origin: `kept ${port}`, trusted },
});

test('the first level that is set wins whole', () => {
  const all = {
    override: 'https://override.example',
    environment: 'https://environment.example,direct',
    files: [file('https://file.example|direct')],
    goUser: 'https://user.example,off',
    goroot: 'https://goroot.example',
  };
  const none = { override: '', environment: '', goUser: '' };
  const table: [Partial<ChainInput>, string, string][] = [
    [all, 'override.example', 'environment GOPROXY_OVERRIDE'],
    [{ ...all, override: '' }, 'environment.example,direct', 'environment GOPROXY'],
    [{ ...all, override: '', environment: '' }, 'file.example|direct', 'file /f:3'],
    [{ ...all, override: '', environment: '', files: [] }, 'user.example,off', 'go env -w GOPROXY'],
    [{ ...all, ...none, files: [] }, 'goroot.example', '$GOROOT/go.env'],
  ];
  for (const [input, expected, origin] of table) {
    const { chain, warnings } = resolveChain({ ...NOTHING, ...input });
    assert.equal(show(chain), expected);
    assert.equal(chain.origin, origin);
    assert.deepEqual(english(warnings), []);
  }
});

test('public mirrors are added only to what Go itself ships', () => {
  const builtIn = 'goproxy.cn mirrors.aliyun.com/goproxy goproxy.io';
  const table: [string | undefined, string][] = [
    [undefined, builtIn],
    ['', builtIn],
    ['https://default.golang.org,direct', `${builtIn} default.golang.org,direct`],
    ['https://corp.example,direct', 'corp.example,direct'],
    ['https://default.golang.org,https://corp.example', 'default.golang.org corp.example'],
    ['https://default.golang.org.evil.example', 'default.golang.org.evil.example'],
    ['direct', ',direct'],
  ];
  for (const [goroot, expected] of table) {
    assert.equal(show(resolveChain({ ...NOTHING, goroot }).chain), expected, String(goroot));
  }
});

test('a chain of nothing but direct or off has no mirrors and is no error', () => {
  assert.equal(show(resolveChain({ ...NOTHING, environment: 'direct' }).chain), ',direct');
  assert.equal(
    show(resolveChain({ ...NOTHING, environment: ' off ,https://ignored.example' }).chain),
    ',off',
  );
});

test('what stands behind direct is never asked, which is a warning without credentials', () => {
  const environment = 'https://good.example,direct|https://me:hunter2@late.example, other.example';
  const { chain, warnings } = resolveChain({ ...NOTHING, environment });
  assert.equal(show(chain), 'good.example,direct');
  assert.deepEqual(english(warnings), [
    'environment GOPROXY: late.example, other.example stands behind direct, where go stops reading: never asked',
  ]);
});

test('an entry that is Rondo itself is skipped with a warning', () => {
  const { chain, warnings } = resolveChain({
    ...NOTHING,
    environment: 'http://localhost:7070,https://good.example,direct',
  });
  assert.equal(show(chain), 'good.example,direct');
  assert.deepEqual(english(warnings), [
    'environment GOPROXY: http://localhost:7070 is Rondo itself and skipped',
  ]);
});

test('where the setting names only Rondo the chain that was kept is used, that of the same address first', () => {
  const two = [kept(7071, 'https://newest.example'), kept(7070, 'https://same.example')];
  const table: [Partial<ChainInput>, string, standIn?: true][] = [
    [{ goUser: 'http://127.0.0.1:7070,direct' }, 'same.example|direct'],
    [{ environment: 'http://127.0.0.1:7070,direct' }, 'same.example|direct'],
    // An earlier serve printed that address, though this one would listen elsewhere.
    [{ goUser: 'http://127.0.0.1:7071' }, 'newest.example|direct'],
    // go's own setting, on this machine, and nobody there: a Rondo that is not running.
    [{ goUser: 'http://[::1]:9,direct', refused: new Set(['[::1]:9']) }, 'newest.example|direct', true],
  ];
  for (const [input, expected, standIn] of table) {
    const { chain, warnings } = resolveChain({ ...NOTHING, kept: two, ...input });
    assert.equal(show(chain), expected);
    assert.equal(chain.standIn, standIn);
    const warning =
      'no chain was kept for http://[::1]:9 of go env -w GOPROXY; used is kept 7071: newest.example';
    assert.deepEqual(english(warnings), standIn ? [warning] : [], 'a chain of another address is announced');
  }
});

test('a loopback mirror that answers, or that somebody set for this shell, is a mirror', () => {
  const one = [kept(7071, 'https://kept.example')];
  const refused = new Set(['localhost:3000']);
  const other = 'http://localhost:3000,direct';
  assert.equal(show(resolveChain({ ...NOTHING, kept: one, goUser: other }).chain), 'localhost:3000,direct');
  assert.equal(
    show(resolveChain({ ...NOTHING, kept: one, environment: other, refused }).chain),
    'localhost:3000,direct',
  );
  const both = 'http://localhost:3000,https://good.example';
  assert.equal(
    show(resolveChain({ ...NOTHING, kept: one, goUser: both, refused }).chain),
    'localhost:3000 good.example',
  );
});

test('without a kept chain it is an error, never the built-in list', () => {
  for (const input of [
    { goUser: 'http://127.0.0.1:7070,direct', goroot: 'https://default.golang.org' },
    { environment: 'http://127.0.0.1:7070' },
    { goUser: 'http://127.0.0.1:9', refused: new Set(['127.0.0.1:9']) },
  ]) {
    const error = chainFailure(input);
    assert.equal(error.code, 'E_NO_CHAIN');
    assert.equal(error.hint, 'rondo init');
  }
});

test('sections tune mirrors by URL or by name, wherever the chain comes from', () => {
  const { chain } = resolveChain({
    ...NOTHING,
    environment: 'https://a.example/,https://me:pw@b.example/go',
    sections: [
      section('first', { url: 'https://a.example', weight: 20 }),
      section('b.example/go', { tier: 1, probePath: '/health' }),
    ],
  });
  assert.deepEqual(
    chain.mirrors.map(({ url, ...rest }) => ({ ...rest, url: url.href })),
    [
      { name: 'first', url: 'https://a.example/', weight: 20, tier: 0, match: '*', probePath: '/probe' },
      {
        name: 'b.example/go',
        url: 'https://b.example/go',
        authorization: `Basic ${Buffer.from('me:pw').toString('base64')}`,
        authorizationOrigin: 'url',
        weight: 10,
        tier: 1,
        match: '*',
        probePath: '/health',
      },
    ],
  );
});

test('sections with a URL add mirrors only to the chain of their own file', () => {
  const sections = [section('corp', { url: 'https://corp.example', match: 'corp.example' })];
  const own = resolveChain({ ...NOTHING, files: [file('https://a.example,direct')], sections });
  assert.equal(show(own.chain), 'a.example corp,direct');
  const alone = resolveChain({
    ...NOTHING,
    files: [{ file: '/f', trusted: true, proxy: undefined }],
    sections,
  });
  assert.equal(show(alone.chain), 'corp');
  assert.equal(alone.chain.origin, 'file /f');
  assert.equal(
    show(resolveChain({ ...NOTHING, environment: 'https://a.example', sections }).chain),
    'a.example',
  );
});

test('no private path goes to mirrors of an untrusted file, and its use is announced', () => {
  const { chain, warnings } = resolveChain({
    ...NOTHING,
    files: [file('https://me:pw@evil.example', false), file('https://mine.example')],
    sections: [section('evil.example', { match: 'corp.example' }, 1)],
  });
  assert.deepEqual(
    chain.mirrors.map(({ match }) => match),
    ['*'],
  );
  assert.equal(chain.trusted, false);
  assert.deepEqual(english(warnings), [
    'the mirrors of a file that is not trusted are used: https://evil.example (file /f:3)',
  ]);
  const later = resolveChain({
    ...NOTHING,
    goUser: 'http://127.0.0.1:7070',
    kept: [kept(7070, 'https://evil.example', false)],
    sections: [section('evil.example', { match: 'corp.example' })],
  });
  assert.deepEqual(
    later.chain.mirrors.map(({ match }) => match),
    ['*'],
    'nor when the chain was kept',
  );
});

test('names are unique, and a mirror named twice is one mirror', () => {
  const { chain, warnings } = resolveChain({
    ...NOTHING,
    environment: 'https://a.example,http://a.example,https://a.example/',
  });
  assert.deepEqual(
    chain.mirrors.map(({ name }) => name),
    ['a.example', 'a.example-2'],
  );
  assert.deepEqual(english(warnings), ['a.example stands twice in the list']);
});

test('a misspelt name of a mirror is answered with the one that was meant', () => {
  const files = [file('https://goproxy.cn,https://b.example/go')];
  const hintFor = (name: string): string =>
    chainFailure({ files, sections: [section(name, { weight: 2 })] }).hint ?? '';
  assert.equal(hintFor('gorpoxy.cn'), 'did you mean [mirror "goproxy.cn"]?');
  assert.equal(hintFor('b.example/g'), 'did you mean [mirror "b.example/go"]?');
  assert.match(hintFor('elsewhere.example'), /^give \[mirror "elsewhere.example"\] a url, or /);
});

test('mistakes say where they stand, without the secrets', () => {
  const table: [Partial<ChainInput>, string, RegExp][] = [
    [{ environment: 'htp://a' }, 'E_BAD_MIRROR_URL', /^environment GOPROXY: /],
    [{ environment: ',' }, 'E_BAD_MIRROR_URL', /^environment GOPROXY: /],
    [{ files: [file('https://me:secret@h:x')] }, 'E_BAD_MIRROR_URL', /^file \/f:3: /],
    [{ environment: 'https://a/?key=secret' }, 'E_BAD_MIRROR_URL', /^environment GOPROXY: /],
    [
      { sections: [section('x', { url: 'ftp://a' })], files: [file('https://a')] },
      'E_BAD_MIRROR_URL',
      /^\/f:9: /,
    ],
    [
      { files: [file('https://a')], sections: [section('b', { weight: 2 })] },
      'E_CONFIG',
      /^\/f:9: no mirror of proxy is called "b"/,
    ],
  ];
  for (const [input, code, message] of table) {
    const error = chainFailure(input);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /secret/);
  }
});
