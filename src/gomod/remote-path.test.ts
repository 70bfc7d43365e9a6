import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remotePath } from './remote-path.ts';

test('paths are spelt as the go command spells them on the wire', () => {
  const module = 'example.com/A/b';
  assert.equal(remotePath({ kind: 'list', module }), '/example.com/%21a/b/@v/list');
  assert.equal(remotePath({ kind: 'latest', module }), '/example.com/%21a/b/@latest');
  assert.equal(
    remotePath({ kind: 'query', module, query: 'Feature-X' }),
    '/example.com/%21a/b/@v/%21feature-%21x.info',
  );
  assert.equal(
    remotePath({ kind: 'query', module: 'example.com/a', query: 'a$b&c,d=e@f^g{h}~i(j)' }),
    '/example.com/a/@v/a$b&c%2Cd=e@f%5Eg%7Bh%7D~i%28j%29.info',
  );
  assert.equal(
    remotePath({ kind: 'zip', module: 'example.com/a', version: 'v2.0.0+incompatible' }),
    '/example.com/a/@v/v2.0.0+incompatible.zip',
  );
});

test('below /sumdb/ the exclamation mark stays bare', () => {
  const db = 'sum.golang.org';
  assert.equal(remotePath({ kind: 'sumdb-supported', db }), '/sumdb/sum.golang.org/supported');
  assert.equal(remotePath({ kind: 'sumdb-latest', db }), '/sumdb/sum.golang.org/latest');
  assert.equal(
    remotePath({ kind: 'sumdb-lookup', db, module: 'github.com/Azure/x', version: 'v1.0.0' }),
    '/sumdb/sum.golang.org/lookup/github.com/!azure/x@v1.0.0',
  );
  assert.equal(
    remotePath({ kind: 'sumdb-tile', db, path: 'tile/8/0/x001/234', data: false }),
    '/sumdb/sum.golang.org/tile/8/0/x001/234',
  );
});

test('a name that was never parsed does not become a path', () => {
  assert.throws(() => remotePath({ kind: 'list', module: '../etc' }), { code: 'E_BAD_NAME' });
  assert.throws(() => remotePath({ kind: 'query', module: 'a.b', query: 'x/../y' }), { code: 'E_BAD_NAME' });
});
