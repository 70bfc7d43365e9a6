import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { refusesConnections } from './loopback.ts';

test('a port refuses once nobody listens any more', async () => {
  const server = createServer((socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  try {
    assert.equal(await refusesConnections('127.0.0.1', address.port), false);
  } finally {
    server.close();
    await once(server, 'close');
  }
  assert.equal(await refusesConnections('127.0.0.1', address.port), true);
});
