import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { alertsPath } from './alert-file.ts';

test('servers that share a copy have a file each, by the address they listen at; at any free port none', () => {
  const name = (host: string, port: number): string | undefined => alertsPath('/c', { host, port });
  assert.equal(name('127.0.0.1', 7070), join('/c', 'rondo', 'alerts-127.0.0.1-7070.json'));
  assert.equal(name('127.0.0.1', 7071), join('/c', 'rondo', 'alerts-127.0.0.1-7071.json'));
  assert.equal(name('::1', 7070), join('/c', 'rondo', 'alerts-__1-7070.json'));
  assert.equal(name('127.0.0.1', 0), undefined);
});
