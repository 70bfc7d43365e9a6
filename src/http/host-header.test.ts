import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isOwnHost, printableHost, whyMisnamed } from './host-header.ts';

const OWN = [
  '127.0.0.1:7070',
  '127.0.0.1',
  '127.255.0.9:80',
  '[::1]:7070',
  '[::1]',
  '[0:0:0:0:0:0:0:1]:7070',
  'localhost',
  'LocalHost:7070',
  'localhost.:1',
  'go.localhost:7070',
  'a.b.localhost',
  'localhost:',
  '',
  undefined,
];
const FOREIGN = [
  'evil.example',
  'evil.example:7070',
  'localhost.evil.example',
  'evillocalhost',
  '.localhost',
  'a..localhost',
  '127.0.0.1.evil.example:7070',
  '127.0.0.1:7070:7070',
  '127.0.0.1:evil',
  '127.1',
  '192.0.2.1:80',
  '0.0.0.0:7070',
  '[::]:7070',
  '[::ffff:127.0.0.1]:7070',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[2001:db8::1]',
  '[::1::]',
  '[evil.example]',
  '[::1].evil.example',
  '::1',
  'x',
  'localhost, evil.example',
  'evil.example@localhost',
];
test('an address of loopback and localhost are this machine, any other name or address may be anybody', () => {
  for (const host of OWN) assert.ok(isOwnHost(host), String(host));
  for (const host of FOREIGN) assert.ok(!isOwnHost(host), host);
});

test('any header is judged without throwing, and what is printed needs no escape', () => {
  fc.assert(
    fc.property(fc.string(), (host) => {
      isOwnHost(host);
      whyMisnamed(host, false);
      assert.match(printableHost(host) ?? 'none', /^[0-9A-Za-z._\-[\]:]+$/);
    }),
  );
  assert.equal(printableHost('proxy.example:7070'), 'proxy.example:7070');
  assert.equal(printableHost('[::1]:7070'), '[::1]:7070');
  for (const host of [undefined, '', 'a b', '<x>', 'user@host', 'a/b', 'host:port']) {
    assert.equal(printableHost(host), undefined);
  }
});
