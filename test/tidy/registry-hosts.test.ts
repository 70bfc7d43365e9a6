import assert from 'node:assert/strict';
import { test } from 'node:test';
import { places } from './made-up.ts';
import { checkHosts, hostsIn } from './registry-hosts.ts';

test('hosts of a GOPROXY list', () => {
  const list = 'https://mirror.example,http://127.0.0.1:7070|https://u:p@other.example:8443/base/,direct,off';
  assert.deepEqual(hostsIn(list), ['mirror.example', 'other.example']);
  assert.deepEqual(hostsIn('http://localhost:1,http://[::1]:2,file:///srv/proxy'), []);
});

test('a file that names one is found with its line', () => {
  const files = [
    { path: 'a.md', text: 'one\ntwo https://mirror.example/x\n' },
    { path: 'b.md', text: 'nothing' },
  ];
  assert.deepEqual(places(checkHosts(files, new Set(['mirror.example']))), ['a.md:2']);
});
