import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RemoteFile } from './module-file.ts';
import { remotePath } from './remote-path.ts';
import { MAX_MODULE_PATH_LENGTH, MAX_RAW_PATH_LENGTH, parseRoute, type Route } from './route.ts';
import { recordName } from './store-key.ts';

const DATABASES = ['sum.golang.org', 'db.test/sub', 'db.test', 'db.test/sub/deep'];

function fileOf(rawPath: string): RemoteFile | undefined {
  const route = parseRoute(rawPath, DATABASES);
  return route.kind === 'bad' ? undefined : route.file;
}

function whyBad(rawPath: string): string | undefined {
  const route: Route = parseRoute(rawPath, DATABASES);
  return route.kind === 'bad' ? route.why : undefined;
}

test('module files', () => {
  const module = 'github.com/BurntSushi/toml';
  const base = '/github.com/!burnt!sushi/toml';
  assert.deepEqual(fileOf(`${base}/@v/list`), { kind: 'list', module });
  assert.deepEqual(fileOf(`${base}/@latest`), { kind: 'latest', module });
  for (const kind of ['info', 'mod', 'zip']) {
    assert.deepEqual(fileOf(`${base}/@v/v1.0.0-!r!c1.${kind}`), { kind, module, version: 'v1.0.0-RC1' });
  }
});

test('%21 is an exclamation mark, and other percent-encoding is undone once', () => {
  const module = 'github.com/Azure/x';
  assert.deepEqual(fileOf('/github.com/%21azure/x/@v/list'), { kind: 'list', module });
  assert.deepEqual(fileOf('/github%2ecom%2F%21azure/x/%40v/list'), { kind: 'list', module });
});

test('toolchains and odd module paths', () => {
  assert.deepEqual(fileOf('/golang.org/toolchain/@v/v0.0.1-go1.26.0.linux-amd64.zip'), {
    kind: 'zip',
    module: 'golang.org/toolchain',
    version: 'v0.0.1-go1.26.0.linux-amd64',
  });
  assert.deepEqual(fileOf('/golang.org/@v/14c0d48.info'), {
    kind: 'query',
    module: 'golang.org',
    query: '14c0d48',
  });
  assert.deepEqual(fileOf('/rsc.io/@v/list'), { kind: 'list', module: 'rsc.io' });
  assert.deepEqual(fileOf('/a.b/nats.go/@latest'), { kind: 'latest', module: 'a.b/nats.go' });
});

test('every .info that is no canonical version of that path is a query, as the real go sends it', () => {
  const module = 'a.b/c';
  for (const [sent, query] of [
    ['master', 'master'],
    ['%21feature-%21x', 'Feature-X'],
    ['1.5.2', '1.5.2'],
    ['v1', 'v1'],
    ['v1.2.3+meta', 'v1.2.3+meta'],
    ['v2.0.0', 'v2.0.0'],
    ['a%20b', 'a b'],
    ['a%25b', 'a%b'],
    ['x%5By%5D', 'x[y]'],
    ['a$b&c,d=e@f%5Eg%7Bh%7D~i%28j%29', 'a$b&c,d=e@f^g{h}~i(j)'],
    ['a..b', 'a..b'],
    ['feature/x', 'feature/x'],
    ['feature%2Fx', 'feature/x'],
    ['v1.0.0.info', 'v1.0.0.info'],
  ] as const) {
    assert.deepEqual(fileOf(`/a.b/c/@v/${sent}.info`), { kind: 'query', module, query }, sent);
  }
  assert.deepEqual(fileOf('/a.b/c/@v/v2.0.0+incompatible.info'), {
    kind: 'info',
    module,
    version: 'v2.0.0+incompatible',
  });
});

test('checksum databases: the longest name that fits', () => {
  assert.deepEqual(fileOf('/sumdb/sum.golang.org/supported'), {
    kind: 'sumdb-supported',
    db: 'sum.golang.org',
  });
  assert.deepEqual(fileOf('/sumdb/db.test/latest'), { kind: 'sumdb-latest', db: 'db.test' });
  for (const db of ['db.test/sub', 'db.test/sub/deep']) {
    assert.deepEqual(fileOf(`/sumdb/${db}/latest`), { kind: 'sumdb-latest', db });
  }
  assert.deepEqual(fileOf('/sumdb/db.test/lookup/a.b/!c@v1.0.0-!r!c1'), {
    kind: 'sumdb-lookup',
    db: 'db.test',
    module: 'a.b/C',
    version: 'v1.0.0-RC1',
  });
  for (const [path, data] of [
    ['tile/8/0/x001/234.p/255', false],
    ['tile/8/data/000', true],
  ] as const) {
    assert.deepEqual(fileOf(`/sumdb/db.test/${path}`), { kind: 'sumdb-tile', db: 'db.test', path, data });
  }
});

test('what names nothing is bad', () => {
  for (const path of [
    '',
    '/',
    'a.b/@latest',
    'http://a.b/c/@latest',
    '*',
    '/a.b/c',
    '/a.b/c/@v/',
    '/a.b/c/@v/list/',
    '/a.b/c/@v/v1.0.0.ziphash',
    '/a.b/c/@v/.info',
    '/a.b/c/@v/v1.mod',
    '/a.b/c/@v/v1.0.0+meta.zip',
    '/a.b/c/@v/master.mod',
    '/a.b/c/@latest/x',
    '/a.b/c/@LATEST',
    '/@v/list',
    '/nodot/@v/list',
    '/a.b/C/@v/list',
    '/a.b/c!/@v/list',
    '/a.b/!!c/@v/list',
    '/a.b/!1/@v/list',
    '/a.b//c/@v/list',
    '/a.b/../c/@v/list',
    '/a.b/%2e%2e/c/@v/list',
    '/a.b/./c/@v/list',
    '/a.b/c/@v/../../x.info',
    '/a.b/c/@v/x%2f..%2fy.info',
    '/a.b/c%00/@v/list',
    '/a.b/c%0a/@v/list',
    '/a.b/c%7f/@v/list',
    '/a.b/c%C3%A9/@v/list',
    '/a.b/c\u00e9/@v/list',
    '/a.b/c /@v/list',
    '/a.b/c%/@v/list',
    '/a.b/c%zz/@v/list',
    '/a.b/%2521c/@v/list',
    '/a.b/c/@v/x%252f..%252fy.info',
    '/a.b/c/@v/..%5c..%5cx.info',
    '/a.b/con/@v/list',
    '/sumdb',
    '/sumdb/db.test',
    '/sumdb/db.test/',
    '/sumdb/other.test/supported',
    '/sumdb/db.testing/supported',
    '/sumdb/db.test/other/supported',
    '/sumdb/db.test/supported/x',
    '/sumdb/db.test/lookup/a.b/c',
    '/sumdb/db.test/lookup/a.b/c@v1',
    '/sumdb/db.test/lookup/a.b/c@v1.0.0@v1.0.0',
    '/sumdb/db.test/lookup/a.b/C@v1.0.0',
    '/sumdb/db.test/lookup/../../x@v1.0.0',
    '/sumdb/db.test/tile/8/0/0',
    '/sumdb/db.test/tile/8/0/000.p/256',
    '/sumdb/db.test/tile/8/0/../000',
  ]) {
    assert.equal(typeof whyBad(path), 'string', path);
  }
});

test('over-long paths are bad, at the documented limits', () => {
  const element = 'x'.repeat(99);
  const long = (length: number): string => `a.b/${`${element}/`.repeat(12)}`.slice(0, length - 1) + 'y';
  assert.equal(fileOf(`/${long(MAX_MODULE_PATH_LENGTH)}/@latest`)?.kind, 'latest');
  assert.match(whyBad(`/${long(MAX_MODULE_PATH_LENGTH + 1)}/@latest`) ?? '', /module path is too long/);
  assert.match(whyBad(`/a.b/${'x'.repeat(241)}/@latest`) ?? '', /element is too long/);
  assert.match(whyBad(`/a.b/c/@v/v1.0.0-${'x'.repeat(240)}.zip`) ?? '', /element is too long/);
  assert.match(whyBad(`/${'%61'.repeat(MAX_RAW_PATH_LENGTH / 3 + 1)}`) ?? '', /path is too long/);
});

// Glued from what means something, so that a good share of the paths get through.
const PIECES =
  'a.b c / / /@v/ /@latest list .info .mod .zip v1.0.0 +incompatible x .. . ! !a %21 %2e %2f %25 %00 %5c A é @ ' +
  '/sumdb/ db.test /lookup/ /tile/8/0/ 001 .p/1 ~1 \\ ? #';
const piece = fc.constantFrom(' ', '\0', ...PIECES.split(' '));
const request = fc.oneof(
  fc.array(piece, { maxLength: 10 }).map((pieces) => `/${pieces.join('')}`),
  fc.array(piece, { maxLength: 5 }).map((pieces) => `/a.b/${pieces.join('')}/@v/list`),
  fc.array(piece, { maxLength: 5 }).map((pieces) => `/sumdb/db.test/lookup/a.b/${pieces.join('')}@v1.0.0`),
  fc.array(piece, { maxLength: 5 }).map((pieces) => `/a.b/c/@v/${pieces.join('')}.info`),
  fc.string({ unit: 'binary' }),
);

test('never throws; no part of a result is empty, a dot element or unprintable', () => {
  fc.assert(
    fc.property(request, (rawPath) => {
      const route = parseRoute(rawPath, DATABASES);
      for (const text of Object.values(route.kind === 'bad' ? { why: route.why } : route.file)) {
        assert.match(String(text), /^[\x20-\x7e]+$/);
      }
      if (route.kind === 'bad') return;
      for (const name of [remotePath(route.file).slice(1), recordName(route.file)]) {
        assert.ok(
          name.split('/').every((part) => !['', '.', '..'].includes(decodeURIComponent(part))),
          name,
        );
      }
    }),
    { numRuns: 2000 },
  );
});

test('what is asked of a mirror parses to the same file', () => {
  fc.assert(
    fc.property(request, (rawPath) => {
      const file = fileOf(rawPath);
      if (file !== undefined) assert.deepEqual(fileOf(remotePath(file)), file);
    }),
    { numRuns: 2000 },
  );
});
