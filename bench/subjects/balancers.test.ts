import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caddyfile } from './caddy.ts';
import { haproxyConfig } from './haproxy.ts';

const MIRRORS = ['http://127.0.0.1:1', 'http://127.0.0.1:2', 'http://127.0.0.1:3'];

test('HAProxy listens on loopback and asks each mirror', () => {
  const text = haproxyConfig('127.0.0.1:8123', MIRRORS, '2.6.12');
  assert.match(text, /^ {2}bind 127\.0\.0\.1:8123$/m);
  assert.deepEqual(
    [...text.matchAll(/^ {2}server (.+)$/gm)].map(([, words]) => words),
    ['mirror0 127.0.0.1:1', 'mirror1 127.0.0.1:2', 'mirror2 127.0.0.1:3'],
  );
});

test('HAProxy retries after 429 where it knows it', () => {
  const retried = (version: string): string =>
    /retry-on .*/.exec(haproxyConfig('127.0.0.1:8123', MIRRORS, version))?.[0] ?? '';
  assert.doesNotMatch(retried('2.6.12'), /429/);
  assert.match(retried('3.0.1'), / 429$/);
});

test('with HAProxy one failure takes a mirror out, of a check as of a request', () => {
  const text = haproxyConfig('127.0.0.1:8123', MIRRORS, '2.6.12');
  assert.match(text, /^ {2}default-server .* fall 1 .* error-limit 1 on-error mark-down$/m);
});

test('Caddy serves plain HTTP on loopback and asks each mirror', () => {
  const text = caddyfile('127.0.0.1:8123', MIRRORS);
  assert.match(text, /^http:\/\/127\.0\.0\.1:8123 \{$/m);
  assert.match(text, /^\tbind 127\.0\.0\.1$/m);
  assert.match(text, /^\treverse_proxy 127\.0\.0\.1:1 127\.0\.0\.1:2 127\.0\.0\.1:3 \{$/m);
});

test('Caddy asks three times before it passes an error status on, and checks each mirror once', () => {
  const text = caddyfile('127.0.0.1:8123', MIRRORS);
  const count = (words: RegExp): number => text.match(words)?.length ?? 0;
  assert.equal(count(/reverse_proxy 127\.0\.0\.1:1 /g), 3);
  assert.equal(count(/handle_response @error/g), 2);
  assert.equal(count(/health_uri/g), 1);
});

test('on a connection of Caddy that was idle, a hanging request still ends by the time limit of headers', () => {
  const text = caddyfile('127.0.0.1:8123', MIRRORS);
  const seconds = (key: string): number => Number(new RegExp(`^\\t+${key} (\\d+)s$`, 'm').exec(text)?.[1]);
  assert.ok(seconds('read_timeout') - seconds('keepalive') > seconds('response_header_timeout'));
});
