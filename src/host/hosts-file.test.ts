import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostsFile, hostsLineOf } from './hosts-file.ts';

test('the line that names a host, with its number', () => {
  const text =
    '127.0.0.1\tlocalhost\n# 10.0.0.1 goproxy.cn\n10.0.0.2 other goproxy.io # ours\n::1 Goproxy.CN\n';
  assert.equal(
    hostsLineOf('/etc/hosts', text, 'goproxy.io'),
    '/etc/hosts:3: 10.0.0.2 other goproxy.io # ours',
  );
  assert.equal(hostsLineOf('/etc/hosts', text, 'goproxy.cn'), '/etc/hosts:4: ::1 Goproxy.CN');
  for (const host of ['ours', '10.0.0.2', 'proxy.io', ''])
    assert.equal(hostsLineOf('/etc/hosts', text, host), undefined, host);
});

test('where it lies', () => {
  assert.equal(hostsFile('linux', {}), '/etc/hosts');
  assert.match(hostsFile('win32', { SystemRoot: 'D:\\Win' }), /^D:\\Win.*hosts$/);
});
