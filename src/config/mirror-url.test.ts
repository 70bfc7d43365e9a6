import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RondoError } from '../errors/rondo-error.ts';
import { defaultMirrorName, parseMirrorUrl } from './mirror-url.ts';

test('slashes at the end go, the root stays, the name is host and path', () => {
  const table: [string, string, string][] = [
    ['https://goproxy.cn', 'https://goproxy.cn/', 'goproxy.cn'],
    ['https://mirrors.example/goproxy//', 'https://mirrors.example/goproxy', 'mirrors.example/goproxy'],
    ['http://LOCALHOST:8080/', 'http://localhost:8080/', 'localhost:8080'],
    ['file:///srv/go/', 'file:///srv/go', '/srv/go'],
  ];
  for (const [text, href, name] of table) {
    const { url, credentials } = parseMirrorUrl(text);
    assert.deepEqual([url.href, defaultMirrorName(url), credentials], [href, name, undefined]);
  }
});

test('credentials leave the URL and become a header', () => {
  const { url, credentials } = parseMirrorUrl('https://me:p%40ss@corp.example/go');
  assert.equal(url.href, 'https://corp.example/go');
  assert.equal(credentials?.authorization, `Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  assert.equal(
    parseMirrorUrl('https://token@h').credentials?.authorization,
    `Basic ${Buffer.from('token:').toString('base64')}`,
  );
});

test('what is no mirror is refused, and no secret is repeated', () => {
  for (const text of [
    '',
    'nonsense',
    'ftp://h/',
    'https://',
    'https://me:secret@h:99999/',
    'https://me:secret@h/?token=secret',
    'https://me:secret%zz@h/',
    'file://host/x',
  ]) {
    assert.throws(
      () => parseMirrorUrl(text),
      (error) =>
        error instanceof RondoError && error.code === 'E_BAD_MIRROR_URL' && !error.message.includes('secret'),
      text,
    );
  }
});
