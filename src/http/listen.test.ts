import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProxy } from '../../test/support/proxy-fixture.ts';
import { testWith } from '../../test/support/requirements.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { Answer } from './port.ts';

const nobody: Answer = () => Promise.reject(new RondoError('E_NOT_FOUND', 'x'));

describe('listening', () => {
  test('an occupied port is an error that names a free one', async (t) => {
    const { port } = await startProxy(t, nobody);
    const other = await startProxy(t, nobody);
    await other.proxy.force();
    await assert.rejects(other.proxy.listen('127.0.0.1', port), (error) => {
      assert.ok(error instanceof RondoError);
      assert.equal(error.code, 'E_PORT_IN_USE');
      assert.match(error.message, new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use`));
      const free = Number(/^take --port (\d+)/.exec(error.hint ?? '')?.[1]);
      assert.ok(free === 0 || free > port);
      return true;
    });
  });

  test('an address of somebody else is an error with a hint', async (t) => {
    const { proxy } = await startProxy(t, nobody);
    await proxy.force();
    await assert.rejects(proxy.listen('192.0.2.1', 0), (error) => {
      assert.ok(error instanceof RondoError);
      assert.equal(error.code, 'E_LISTEN');
      assert.match(error.message, /192\.0\.2\.1 is not an address of this machine/);
      assert.match(error.hint ?? '', /--host 127\.0\.0\.1/);
      return true;
    });
  });
});

// Other systems accept fewer than Node asks for by default. All of this is one thread: nothing is accepted before all
// have asked.
await testWith(['linux'], 'a rush of connections is accepted, none has to knock twice', async (t) => {
  const rush = 600;
  const { port } = await startProxy(t, nobody);
  const sockets = Array.from({ length: rush }, () => connect(port, '127.0.0.1'));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  let open = 0;
  for (const socket of sockets) void once(socket, 'connect').then(() => (open += 1));
  for (let before = -1; open > before;) {
    before = open;
    // Half of the time after which a SYN is first repeated.
    await sleep(500);
  }
  assert.equal(open, rush);
});
