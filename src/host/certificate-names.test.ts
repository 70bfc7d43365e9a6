import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createAuthority } from '../../test/support/certificates.ts';
import { isNamedBy, namesOf } from './certificate-names.ts';

const AUTHORITY = createAuthority();
const leafFor = (...hosts: string[]): X509Certificate => new X509Certificate(AUTHORITY.issue(hosts).certPem);

test('names and addresses that a certificate is for', () => {
  const leaf = leafFor('goproxy.example', '*.team.example', '192.0.2.7');
  for (const host of ['goproxy.example', 'GOPROXY.example', 'a.team.example', '192.0.2.7'])
    assert.equal(isNamedBy(leaf, host), true, host);
  for (const host of ['example', 'a.b.team.example', '192.0.2.8', '::1'])
    assert.equal(isNamedBy(leaf, host), false, host);
  assert.deepEqual(namesOf(leaf), ['goproxy.example']);
});

test('the common name does not count, as for Go', () => {
  const leaf = new X509Certificate(AUTHORITY.certPem);
  assert.match(leaf.subject, /CN=Rondo test root/);
  assert.deepEqual([isNamedBy(leaf, 'Rondo test root'), namesOf(leaf)], [false, []]);
});

test('a name that could be taken for two is left out', () => {
  assert.deepEqual(namesOf(leafFor('a.example, DNS:evil.example', 'b.example')), ['b.example']);
});
