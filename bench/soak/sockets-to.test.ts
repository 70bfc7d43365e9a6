import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { openFiles } from '../../test/faults/invariants.ts';
import { testWith } from '../../test/support/requirements.ts';
import { parseTcpTable, socketsTo } from './sockets-to.ts';

test('the port at the other end and the inode are read, and a line that is none is left out', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:9C47 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 20 4 30 10 -1',
    '   1: 00000000:07E8 nowhere 0A 00000000:00000000',
    '',
  ].join('\n');
  assert.deepEqual(parseTcpTable(table), [{ remotePort: 8080, inode: '4711' }]);
});

await testWith(
  ['linux'],
  'only connections to these ports are counted, and only from this end',
  async (t) => {
    const server = createServer();
    t.after(() => server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const to = async (...ports: readonly number[]): Promise<number> =>
      socketsTo(process.pid, (await openFiles(process.pid)).paths, new Set(ports));
    assert.equal(await to(port), 0);
    const sockets = await Promise.all(
      [1, 2, 3].map(async () => {
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        return socket;
      }),
    );
    t.after(() => sockets.forEach((socket) => socket.destroy()));
    assert.equal(await to(port), 3);
    assert.equal(await to(port + 1), 0);
  },
);
