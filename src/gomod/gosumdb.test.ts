import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { keyOnlyForm, parseGosumdb } from './gosumdb.ts';

const KNOWN = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';

/** A verifier key as note.GenerateKey makes it, for a public key that nobody holds. */
function verifierKey(name: string, bytes: Buffer = Buffer.alloc(33, 1)): string {
  const hash = createHash('sha256').update(`${name}\n`).update(bytes).digest('hex').slice(0, 8);
  return `${name}+${hash}+${bytes.toString('base64')}`;
}

test('known names, the alias, keys and URLs', () => {
  const database = { kind: 'database', name: 'sum.golang.org', key: KNOWN };
  assert.deepEqual(parseGosumdb('off'), { kind: 'off' });
  assert.deepEqual(parseGosumdb('sum.golang.org'), database);
  assert.deepEqual(parseGosumdb(KNOWN), database);
  assert.deepEqual(parseGosumdb('sum.golang.google.cn'), {
    ...database,
    url: new URL('https://sum.golang.google.cn'),
  });
  const key = verifierKey('db.test:8080/sub');
  assert.deepEqual(parseGosumdb(` ${key}\t http://127.0.0.1:1/x `), {
    kind: 'database',
    name: 'db.test:8080/sub',
    key,
    url: new URL('http://127.0.0.1:1/x'),
  });
});

test('the form that stays on the proxy', () => {
  const key = verifierKey('db.test');
  assert.equal(keyOnlyForm('off'), 'off');
  assert.equal(keyOnlyForm('sum.golang.org'), 'sum.golang.org');
  assert.equal(keyOnlyForm('sum.golang.google.cn'), 'sum.golang.org');
  assert.equal(keyOnlyForm(`${key} https://db.test`), key);
});

test('anything else is E_CONFIG', () => {
  for (const text of [
    '',
    '  ',
    ' off',
    'OFF',
    'sum.example.com',
    'sum.golang.org https://a.test x',
    'sum.golang.org not-a-url',
    'sum.golang.org ftp://a.test',
    KNOWN.replace('033de0ae', '033de0af'),
    KNOWN.slice(0, -1),
    verifierKey('db.test', Buffer.alloc(33, 2)),
    verifierKey('db.test', Buffer.alloc(32, 1)),
    verifierKey('db.test/'),
    verifierKey('/db.test'),
    verifierKey('db.test//x'),
    verifierKey('db.test/../x'),
    verifierKey('..'),
    verifierKey('u@db.test'),
    verifierKey('db.test/x?y'),
    verifierKey('db.test/x#y'),
    verifierKey('db.test/%2e%2e'),
    verifierKey('db.test:x'),
    verifierKey('db.test\\x'),
  ]) {
    assert.throws(() => parseGosumdb(text), { code: 'E_CONFIG' }, text);
    assert.throws(() => keyOnlyForm(text), { code: 'E_CONFIG' }, text);
  }
});
