import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSoftNotFound, looksLikeHtml } from './soft-not-found.ts';

const SOFT = [
  'not found: fetch timed out',
  'not found: github.com/a/b@v1.0.0: fetch timed out',
  'not found: timeout',
  'temporarily unavailable',
  'not found: temporarily unavailable',
  'not found: bad upstream',
  'bad upstream',
  'not found: dial tcp 192.0.2.1:443: i/o timeout',
  'not found: Get "https://example.org/x?go-get=1": net/http: TLS handshake timeout',
  'not found: Get "https://example.org/x?go-get=1": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  "not found: git fetch -f origin: exit status 128:\n\tfatal: unable to access 'https://example.org/a.git/': Failed to connect to example.org port 443: Connection timed out",
  'not found: temporary failure in name resolution',
  'not found: module lookup disabled for now, please try again',
  'service unavailable',
  '<!DOCTYPE html><html><body>404</body></html>',
  '<html>\n<head><title>404 Not Found</title></head>',
  '\uFEFF  <html lang="en">',
];
const HARD = [
  '',
  'not found',
  '404 page not found',
  'not found: module example.org/a: no matching versions for query "latest"',
  'not found: github.com/a/b@v9.9.9: invalid version: unknown revision v9.9.9',
  // Names may contain any word.
  'not found: module github.com/eapache/go-resiliency/timeout: git ls-remote -q origin: exit status 128',
  'not found: github.com/a/timed-out@v1.0.0: invalid version: unknown revision timed-out',
  'not found: github.com/a/b@timeout: invalid version: unknown revision timeout',
  'not found: module "example.org/gateway timeout/x"',
  'not found: module timeout: malformed module path "timeout": missing dot in first path element',
  "not found: module github.com/a/temporarily: git ls-remote -q origin: fatal: could not read Username for 'https://github.com': terminal prompts disabled\nConfirm the import path was entered correctly.",
  'not found: unrecognized import path "example.org/x": https fetch: dial tcp: lookup example.org: no such host',
  'gone: removed by its author',
  '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>',
];
for (const text of SOFT) {
  test(`soft: ${JSON.stringify(text)}`, () => assert.ok(isSoftNotFound('text/plain', Buffer.from(text))));
}
for (const text of HARD) {
  test(`hard: ${JSON.stringify(text)}`, () => assert.ok(!isSoftNotFound('text/plain', Buffer.from(text))));
}

test('markup under an HTML type is a web page however it begins', () => {
  assert.ok(isSoftNotFound('text/html; charset=utf-8', Buffer.from('<center><h1>404</h1></center>')));
  assert.ok(!isSoftNotFound('text/html', Buffer.from('not found: x')));
  assert.ok(!isSoftNotFound('text/html', Buffer.alloc(0)));
});

test('a go.mod or JSON is no web page', () => {
  assert.ok(!looksLikeHtml(Buffer.from('module example.org/a\n')));
  assert.ok(!looksLikeHtml(Buffer.from('{"Version":"v1.0.0"}')));
  assert.ok(!looksLikeHtml(Buffer.from('<3 html')));
  assert.ok(looksLikeHtml(Buffer.from('<!-- portal -->\n<!doctype HTML>')));
});
