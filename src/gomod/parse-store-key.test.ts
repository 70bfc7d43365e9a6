import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseLookupKey, parseVersionKey } from './parse-store-key.ts';
import { storeKey } from './store-key.ts';

test('a key is read back to what it was made of', () => {
  const file = { kind: 'zip', module: 'github.com/BurntSushi/toml', version: 'v1.0.0-RC1' } as const;
  assert.deepEqual(parseVersionKey(storeKey(file)), file);
  const hash = parseVersionKey(`${storeKey(file)}hash`);
  assert.deepEqual(hash, { ...file, kind: 'ziphash' });
  assert.deepEqual(parseVersionKey('golang.org/toolchain/@v/v0.0.1-go1.26.0.linux-amd64.zip'), {
    module: 'golang.org/toolchain',
    version: 'v0.0.1-go1.26.0.linux-amd64',
    kind: 'zip',
  });
  assert.deepEqual(parseVersionKey('example.com/m/@v/v3.0.0+incompatible.mod'), {
    module: 'example.com/m',
    version: 'v3.0.0+incompatible',
    kind: 'mod',
  });
});

test('everything else names nothing', () => {
  const others = [
    'example.com/m/@v/list',
    'example.com/m/@v/v1.0.0.lock',
    'example.com/m/@v/v1.0.0.zip123.tmp',
    'example.com/m/@v/main.info',
    'example.com/m/@v/v1.info',
    'example.com/m/@v/v2.0.0.mod',
    'example.com/Upper/@v/v1.0.0.mod',
    'example.com/m/@v/V1.0.0.mod',
    'nodot/@v/v1.0.0.mod',
    '@v/v1.0.0.mod',
    'sumdb/sum.golang.org/lookup/example.com/m@v1.0.0',
    'cache.lock',
    '',
  ];
  for (const key of others) assert.equal(parseVersionKey(key), undefined, key);
});

test('whatever is read is a key that would be made', () => {
  const part = fc.string({
    unit: fc.constantFrom('a', 'b', 'A', '!', '.', '/', '@', 'v', '1', '-', '+', '0'),
    maxLength: 12,
  });
  fc.assert(
    fc.property(part, part, fc.constantFrom('info', 'mod', 'zip'), (path, version, kind) => {
      const key = `${path}/@v/${version}.${kind}`;
      const found = parseVersionKey(key);
      if (found === undefined) return;
      assert.ok(found.kind !== 'ziphash');
      assert.equal(storeKey({ ...found, kind: found.kind }), key);
    }),
  );
});

test('the key of a record is read back, for its own database only', () => {
  const db = 'sum.example.org/path';
  const file = { kind: 'sumdb-lookup', db, module: 'github.com/BurntSushi/toml', version: 'v1.0.0' } as const;
  assert.deepEqual(parseLookupKey(storeKey(file), db), file);
  assert.equal(parseLookupKey(storeKey(file), 'sum.example.org'), undefined);
  for (const name of [
    '',
    'example.com/m',
    'example.com/m@main',
    'example.com/M@v1.0.0',
    '../m@v1.0.0',
    '@v1.0.0',
  ]) {
    assert.equal(parseLookupKey(`sumdb/${db}/lookup/${name}`, db), undefined, name);
  }
});
