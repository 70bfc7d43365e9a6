import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isPublicAddress } from './address.ts';

const PUBLIC = [
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.1',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '223.255.255.255',
  '2606:4700::1111',
  '2a00::1',
  '::ffff:8.8.8.8',
  '::ffff:808:808',
  '64:ff9b::8.8.8.8',
];
const NOT_PUBLIC = [
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '[::1]',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:10.0.0.1',
  '::ffff:0.0.0.0',
  '64:ff9b::10.0.0.1',
  '64:ff9b::',
  '64:ff9b:1::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  // No addresses.
  '',
  'localhost',
  '127.1',
  '2130706433',
  '0x7f.0.0.1',
  '1.1.1.1:80',
];
for (const address of PUBLIC) test(`${address} is public`, () => assert.ok(isPublicAddress(address)));
for (const address of NOT_PUBLIC) {
  test(`${JSON.stringify(address)} is not public`, () => assert.ok(!isPublicAddress(address)));
}

test('an IPv4 address is judged the same inside IPv6', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      assert.equal(isPublicAddress(`::ffff:${address}`), isPublicAddress(address));
      assert.equal(isPublicAddress(`64:ff9b::${address}`), isPublicAddress(address));
    }),
  );
});

test('any text gets a verdict', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.ipV6()), (text) => void isPublicAddress(text)));
});
