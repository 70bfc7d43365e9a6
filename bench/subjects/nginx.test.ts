import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nginxBalancerConfig, nginxConfig } from './nginx.ts';

test('nginx keeps to its own folder and to loopback', () => {
  const text = nginxConfig('127.0.0.1:8123', '/own', '/files');
  assert.match(text, /^ {4}listen 127\.0\.0\.1:8123;$/m);
  assert.match(text, /^ {4}root "\/files";$/m);
  const paths = [...text.matchAll(/"(\/[^"]*)"/g)].map(([, path = '']) => path);
  assert.ok(paths.length >= 8, paths.join(' '));
  assert.deepEqual(
    paths.filter((path) => path !== '/files' && !path.startsWith('/own/')),
    [],
  );
});

test('in front of mirrors it asks each of them, and reads no other file', () => {
  const text = nginxBalancerConfig('127.0.0.1:8123', '/own', ['http://127.0.0.1:1', 'http://127.0.0.1:2']);
  assert.match(text, /^ {4}listen 127\.0\.0\.1:8123;$/m);
  assert.deepEqual(
    [...text.matchAll(/^ {4}server (\S+) /gm)].map(([, host]) => host),
    ['127.0.0.1:1', '127.0.0.1:2'],
  );
  for (const [, path = ''] of text.matchAll(/"(\/[^"]*)"/g)) assert.match(path, /^\/own\//);
});
