import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test, type TestContext } from 'node:test';
import { startBlackHole } from '../../test/support/black-hole.ts';
import { through } from '../../test/support/proxied-mirror.ts';
import { listen, onRequests, rawAnswer } from '../../test/support/raw-server.ts';
import { attempt, found, other, textOf, upstreamForTest } from '../../test/support/upstream-for-test.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Network } from './network.ts';

/** Every name has an AAAA, first, and an A. */
const both: Network = {
  lookup: (_host, _options, callback) =>
    callback(null, [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ]),
  isPublic: () => false,
};

/** Something that answers at the A of a name whose AAAA is a black hole; the port of both. */
async function halfDead(t: TestContext): Promise<{ port: number; asked: string[] }> {
  const port = await startBlackHole(t, '::1');
  const asked: string[] = [];
  const server = createServer((socket) =>
    onRequests(socket, (head) => {
      asked.push(head.split('\r\n')[0] ?? '');
      socket.end(rawAnswer(200, 'a', { connection: 'close' }));
    }),
  );
  await listen(t, server, [], '127.0.0.1', 'http', port);
  return { port, asked };
}

test('a black hole behind the AAAA does not cost the request', async (t) => {
  const clock = new VirtualClock();
  const { port, asked } = await halfDead(t);
  const upstream = upstreamForTest(t, new URL(`http://mirror.example:${port}`), { clock, network: both });
  // Virtual time stands still, so that no limit of ours can have ended the first try.
  assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'a');
  assert.deepEqual(asked, ['GET /x HTTP/1.1']);
  assert.equal(upstream.connections().opened, 1);
});

test('a black hole behind the AAAA of a proxy does not cost the request', async (t) => {
  const clock = new VirtualClock();
  const { port, asked } = await halfDead(t);
  const settings = through(port, { hostname: 'proxy.example' });
  const upstream = upstreamForTest(t, new URL('http://mirror.example'), { clock, network: both, settings });
  assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'a');
  assert.deepEqual(asked, ['GET http://mirror.example/x HTTP/1.1']);
});

for (const [name, settings, outcome] of [
  ['mirror', undefined, ['http', 'connect-timeout', 'no connection in time']],
  ['proxy', 'proxy.example', ['http', 'proxy', /^proxy proxy\.example:\d+: no connection in time$/]],
] as const) {
  test(`a ${name} both of whose addresses are black holes is given up after the time for connecting`, async (t) => {
    const clock = new VirtualClock();
    const port = await startBlackHole(t, '::1');
    await startBlackHole(t, '127.0.0.1', port);
    const upstream = upstreamForTest(t, new URL(`http://mirror.example:${port}`), {
      clock,
      network: both,
      ...(settings === undefined ? {} : { settings: through(port, { hostname: settings }) }),
    });
    const waiting = attempt(upstream, '/x');
    await clock.advance(4999);
    assert.equal(clock.pending, 2);
    await clock.advance(1);
    const { class: kind, cause, detail } = other(await waiting).outcome;
    assert.deepEqual([kind, cause], outcome.slice(0, 2));
    if (typeof outcome[2] === 'string') assert.equal(detail, outcome[2]);
    else assert.match(detail, outcome[2]);
    assert.equal(clock.pending, 0);
  });
}
