import assert from 'node:assert/strict';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { RondoError } from '../errors/rondo-error.ts';
import { keyPath } from './key-path.ts';

const root = resolve('/srv/rondo/cache/download');

test('a key becomes a path below the root', () => {
  assert.equal(
    keyPath(root, 'github.com/!burnt!sushi/toml/@v/v1.0.0.zip', 'linux'),
    join(root, 'github.com', '!burnt!sushi', 'toml', '@v', 'v1.0.0.zip'),
  );
});

test('no string leads out of the root', () => {
  const element = fc.constantFrom('..', '.', '', 'a', '@v', '\\', '..\\..', 'C:', '\0', '~', '%2e%2e', ' ');
  const hostile = fc.oneof(
    fc.string(),
    fc.array(element, { maxLength: 6 }).map((parts) => parts.join('/')),
  );
  fc.assert(
    fc.property(hostile, (key) => {
      let path: string;
      try {
        path = keyPath(root, key, 'linux');
      } catch (error) {
        assert.ok(error instanceof RondoError && error.code === 'E_BUG');
        return;
      }
      const below = relative(root, path);
      assert.ok(
        below !== '' && !isAbsolute(below) && !below.split(/[\\/]/).includes('..'),
        JSON.stringify(key),
      );
    }),
  );
});

test('an over-long key is a bug', () => {
  assert.throws(() => keyPath(root, 'a/'.repeat(3000) + 'a', 'linux'), { code: 'E_BUG' });
});

test('on Windows a name that means a device or a stream is refused', () => {
  for (const key of ['sumdb/localhost:8080/latest', 'example.com/nul/@v/list', 'example.com/com1.txt']) {
    assert.throws(() => keyPath(root, key, 'win32'), { code: 'E_STORE' }, key);
    assert.ok(keyPath(root, key, 'linux').startsWith(root));
  }
  assert.ok(keyPath(root, 'example.com/console/@v/list', 'win32'));
});
