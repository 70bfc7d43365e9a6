import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, formatAddress, isLinkLocal, isLoopback, reaches } from './address.ts';

test('every spelling of the own machine is loopback, and nothing else is', () => {
  const own = [
    'localhost',
    'LOCALHOST',
    'a.localhost',
    'localhost.',
    '127.0.0.1',
    '127.9.9.9',
    '127.1',
    '0x7f.1',
    '2130706433',
  ];
  for (const host of [...own, '0.0.0.0', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[0:0:0:0:0:0:0:1]']) {
    assert.equal(isLoopback(addressOf(new URL(`http://${host}/`)).host), true, host);
  }
  for (const host of [
    'example.com',
    'localhost.example.com',
    '10.0.0.1',
    '128.0.0.1',
    '[2001:db8::1]',
    '[fe80::1]',
  ]) {
    assert.equal(isLoopback(addressOf(new URL(`http://${host}/`)).host), false, host);
  }
});

test('link-local addresses are known', () => {
  for (const host of ['169.254.169.254', 'fe80::1', 'febf::1', 'fe80::1%eth0', '::ffff:169.254.0.1']) {
    assert.equal(isLinkLocal(host), true, host);
  }
  for (const host of ['169.253.0.1', 'fec0::1', 'example.com', ''])
    assert.equal(isLinkLocal(host), false, host);
});

test('addresses of URLs have a port and no brackets', () => {
  const table: [string, string][] = [
    ['http://example.com/x', 'example.com:80'],
    ['https://example.com', 'example.com:443'],
    ['http://[::1]:7070', '[::1]:7070'],
  ];
  for (const [url, expected] of table) assert.equal(formatAddress(addressOf(new URL(url))), expected);
});

test('who listens on loopback or everywhere is reached by any loopback name on that port', () => {
  const at = (host: string, port = 7070) => ({ host, port });
  assert.equal(reaches(at('localhost'), at('127.0.0.1')), true);
  assert.equal(reaches(at('::1'), at('0.0.0.0')), true);
  assert.equal(reaches(at('proxy.lan'), at('proxy.lan')), true);
  assert.equal(reaches(at('127.0.0.1', 7071), at('127.0.0.1')), false);
  assert.equal(reaches(at('127.0.0.1', 0), at('127.0.0.1', 0)), false, 'port 0 is no port yet');
  assert.equal(reaches(at('proxy.lan'), at('127.0.0.1')), false);
});
