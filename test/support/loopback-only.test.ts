import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get } from 'node:http';
import { connect, createServer, type AddressInfo, type NetConnectOpts } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { request } from 'undici';
import { isLoopback } from './loopback-only.ts';
import { tempFolder } from './temp-folder.ts';

const NOT_LOOPBACK = { code: 'ERR_NOT_LOOPBACK' };

test('addresses and names outside are refused, whichever library dials', async () => {
  // 192.0.2.0/24 and 2001:db8::/32 are reserved for documentation: should the seal leak, nobody is there.
  await assert.rejects(once(connect(80, '192.0.2.1'), 'connect'), NOT_LOOPBACK);
  await assert.rejects(once(connect({ port: 80, host: '2001:db8::1' }), 'connect'), NOT_LOOPBACK);
  await assert.rejects(once(connectTls({ port: 443, host: '192.0.2.1' }), 'secureConnect'), NOT_LOOPBACK);
  await assert.rejects(once(get('http://192.0.2.1/'), 'response'), NOT_LOOPBACK);
  await assert.rejects(once(get('http://rondo.example/'), 'response'), NOT_LOOPBACK);
  await assert.rejects(request('http://192.0.2.1/'), NOT_LOOPBACK);
  await assert.rejects(request('https://rondo.example/'), NOT_LOOPBACK);
  const failure = await fetch('http://192.0.2.1/').catch((error: Error) => error.cause);
  assert.equal((failure as NodeJS.ErrnoException).code, NOT_LOOPBACK.code);
});

test('a look-up of the caller may invent names, not addresses', async (t) => {
  const server = createServer((socket) => socket.end());
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const to = (address: string): NetConnectOpts => ({
    port,
    host: 'mirror.example',
    lookup: (_host, _options, done) => done(null, [{ address, family: 4 }]),
  });
  const inside = connect(to('127.0.0.1'));
  await once(inside, 'connect');
  inside.destroy();
  await assert.rejects(once(connect(to('192.0.2.1')), 'connect'), NOT_LOOPBACK);
});

test('names under .invalid do not exist', async () => {
  await assert.rejects(once(get('http://mirror.invalid/'), 'response'), { code: 'ENOTFOUND' });
});

test('loopback and Unix sockets are reached as ever', async (t) => {
  const folder = await tempFolder(t, 'socket');
  for (const target of [{ port: 0, host: '127.0.0.1' }, { path: join(folder, 's') }]) {
    const server = createServer((socket) => socket.end('here'));
    t.after(() => server.close());
    server.listen(target);
    await once(server, 'listening');
    const address = server.address();
    const client =
      typeof address === 'string' ? connect(address) : connect((address as AddressInfo).port, 'localhost');
    const [data] = (await once(client, 'data')) as [Buffer];
    assert.equal(data.toString(), 'here');
  }
  assert.ok(
    isLoopback('127.8.9.10') && isLoopback('::1') && !isLoopback('128.0.0.1') && !isLoopback('1.127.0.0'),
  );
});
