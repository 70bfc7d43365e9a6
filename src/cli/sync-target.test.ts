import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RondoError } from '../errors/rondo-error.ts';
import { syncTargetOf } from './sync-target.ts';

const TARGETS = new Map([
  ['prod', { to: '/srv/go' }],
  ['stick', { to: '/media/stick/b.tar.zst' }],
  ['lab', { to: 'https://rondo.example.com' }],
]);

test('a bare word is a name; what has a slash, is a URL or ends in .tar.zst is a place', () => {
  const table: [string | undefined, object][] = [
    [undefined, { kind: 'copy' }],
    ['prod', { kind: 'folder', dir: '/srv/go' }],
    ['stick', { kind: 'bundle', file: '/media/stick/b.tar.zst' }],
    ['lab', { kind: 'rondo', url: new URL('https://rondo.example.com') }],
    ['./prod', { kind: 'folder', dir: '/cwd/prod' }],
    ['..', { kind: 'folder', dir: '/' }],
    ['prod.tar.zst', { kind: 'bundle', file: '/cwd/prod.tar.zst' }],
    ['a/b.tar.zst', { kind: 'bundle', file: '/cwd/a/b.tar.zst' }],
    ['file:///srv/x', { kind: 'folder', dir: '/srv/x' }],
    ['http://127.0.0.1:7070', { kind: 'rondo', url: new URL('http://127.0.0.1:7070') }],
  ];
  for (const [word, target] of table) assert.deepEqual(syncTargetOf(word, '/cwd', TARGETS), target);
});

test('an unknown name is an error that lists the known ones', () => {
  const hintOf = (word: string, targets: typeof TARGETS): string => {
    try {
      syncTargetOf(word, '/cwd', targets);
    } catch (error) {
      assert.ok(error instanceof RondoError && error.code === 'E_USAGE');
      return `${error.message}: ${error.hint}`;
    }
    return 'no error';
  };
  assert.equal(
    hintOf('pord', TARGETS),
    'there is no target pord in the configuration: one of prod, stick, lab; for a folder of that name: --target ./pord',
  );
  assert.match(hintOf('prod', new Map()), /: for a folder of that name: --target \.\/prod; for a bundle: /);
  assert.equal(
    hintOf('foo.tar.gz', TARGETS),
    'foo.tar.gz is no bundle: those are .tar.zst: --target foo.tar.zst',
  );
  assert.match(hintOf('localhost:7070', TARGETS), /^there is no target localhost:7070 /);
  assert.match(hintOf('http://', TARGETS), /^http:\/\/ is no URL: /);
});

test('any other URL is refused, and a login in it is not shown', () => {
  for (const word of ['ftp://user:secret@host/x', 'S3://user:secret@bucket', 'http://user:secret@:x/']) {
    assert.throws(
      () => syncTargetOf(word, '/cwd', TARGETS),
      (error) => {
        assert.ok(error instanceof RondoError && error.code === 'E_USAGE');
        assert.doesNotMatch(`${error.message} ${error.hint}`, /secret/);
        return true;
      },
    );
  }
});
