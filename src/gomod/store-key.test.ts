import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RemoteFile } from './module-file.ts';
import { recordName, storeKey } from './store-key.ts';

test("keys are the paths of Go's own download cache", () => {
  const module = 'github.com/BurntSushi/toml';
  const version = 'v1.0.0';
  assert.equal(storeKey({ kind: 'zip', module, version }), 'github.com/!burnt!sushi/toml/@v/v1.0.0.zip');
  const db = 'host.test/path';
  assert.equal(
    storeKey({ kind: 'sumdb-lookup', db, module, version }),
    'sumdb/host.test/path/lookup/github.com/!burnt!sushi/toml@v1.0.0',
  );
  assert.equal(
    storeKey({ kind: 'sumdb-tile', db, path: 'tile/8/0/x001/234.p/7', data: false }),
    'sumdb/host.test/path/tile/8/0/x001/234.p/7',
  );
});

const db = 'db.test';
const files: RemoteFile[] = [
  ...['a.b', 'a.b/c', 'a.b/C', 'a.b/list', 'a.b/latest'].flatMap((module): RemoteFile[] => [
    { kind: 'list', module },
    { kind: 'latest', module },
    { kind: 'query', module, query: 'list' },
    { kind: 'query', module, query: 'main' },
    { kind: 'query', module, query: 'Main' },
    { kind: 'query', module, query: 'feature/x' },
    { kind: 'query', module, query: 'v1.0.0' },
    { kind: 'info', module, version: 'v1.0.0' },
    { kind: 'mod', module, version: 'v1.0.0' },
    { kind: 'zip', module, version: 'v1.0.0' },
    { kind: 'zip', module, version: 'v1.0.0-RC' },
    { kind: 'zip', module, version: 'v1.0.0-rc' },
    { kind: 'sumdb-lookup', db, module, version: 'v1.0.0' },
  ]),
  { kind: 'sumdb-latest', db },
  { kind: 'sumdb-supported', db },
  { kind: 'sumdb-tile', db, path: 'tile/8/0/001', data: false },
  { kind: 'sumdb-tile', db, path: 'tile/8/0/001.p/1', data: false },
];

test('no record name equals another, or is a folder of another, on a disk that ignores case', () => {
  const names = files.map((file) => recordName(file).toLowerCase());
  assert.equal(new Set(names).size, files.length);
  for (const name of names) {
    assert.deepEqual(
      names.filter((other) => other.startsWith(`${name}/`)),
      [],
      name,
    );
  }
});

test('no record name is a store key', () => {
  for (const file of files) {
    // Keys begin with a domain name, which has a dot, or with sumdb.
    assert.match(recordName(file), /^answers\//);
  }
});

test('a long query has a short name', () => {
  const query = Array.from({ length: 16 }, () => 'x'.repeat(200)).join('/');
  const leaf = recordName({ kind: 'query', module: 'a.b', query }).split('/').at(-1) ?? '';
  assert.ok(leaf.length <= 100, leaf);
});
