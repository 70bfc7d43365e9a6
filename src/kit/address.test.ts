import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addressOf,
  formatAddress,
  isLinkLocal,
  isLocalhostName,
  isLoopback,
  isLoopbackAddress,
  originOf,
  parseHost,
  reaches,
} from './address.ts';

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

test('which addresses no other machine can reach, and which names no other machine can have', () => {
  for (const address of ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])
    assert.ok(isLoopbackAddress(address), address);
  for (const address of [
    '0.0.0.0',
    '::',
    '192.0.2.1',
    '::ffff:192.0.2.1',
    '1.127.0.1',
    '2001:db8::1',
    'localhost',
  ])
    assert.ok(!isLoopbackAddress(address), address);
  for (const name of ['localhost', 'LocalHost.', 'a.b.localhost']) assert.ok(isLocalhostName(name), name);
  for (const name of ['evillocalhost', 'localhost.example', 'localhost..', '127.0.0.1'])
    assert.ok(!isLocalhostName(name), name);
});

test('a listener has an origin that this machine can dial', () => {
  assert.equal(originOf('http', { host: '127.0.0.1', port: 80 }), 'http://127.0.0.1:80');
  assert.equal(originOf('https', { host: '0.0.0.0', port: 80 }), 'https://127.0.0.1:80');
  assert.equal(originOf('http', { host: '::', port: 80 }), 'http://[::1]:80');
  assert.equal(originOf('https', { host: 'fe80::1', port: 80 }), 'https://[fe80::1]:80');
});

test('a host is a name or an address as a URL has it; what no URL can hold is none', () => {
  const table: [string, string | undefined][] = [
    ['127.0.0.1', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['[::1]', '::1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['LocalHost.', 'localhost'],
    ['proxy-1.lan', 'proxy-1.lan'],
    ['999.1.1.1', undefined],
    ['fe80::1%eth0', undefined],
    ['::1::', undefined],
    ['http://x', undefined],
    ['a:80', undefined],
    ['user@a', undefined],
    ['a/b', undefined],
    ['..', undefined],
    ['[a]', 'a'],
    ['', undefined],
  ];
  for (const [text, expected] of table) assert.equal(parseHost(text), expected, text);
});

/** Texts that are hosts, or nearly. */
const HOSTS = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV4Extended(),
  fc.ipV6(),
  fc.ipV6().map((address) => `[${address}]`),
  fc.string(),
  fc.stringMatching(/^[0-9a-fx.:%[\]-]{0,20}$/),
);

test('every host that is accepted formats, reads back as itself, and makes a URL', () => {
  fc.assert(
    fc.property(HOSTS, fc.nat(65_535), (text, port) => {
      const host = parseHost(text);
      if (host === undefined) return;
      assert.equal(parseHost(host), host);
      const address = { host, port: port === 80 ? 81 : port };
      assert.deepEqual(addressOf(new URL(`http://${formatAddress(address)}/`)), address);
      assert.ok(URL.canParse(originOf('http', address)));
    }),
    { numRuns: 1000 },
  );
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
