import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import { closed, onRequests, rawAnswer, startRawServer } from '../../test/support/raw-server.ts';
import { attempt, found, other, textOf, upstreamForTest } from '../../test/support/upstream-for-test.ts';
import { settle } from '../../test/support/virtual-clock.ts';
import { BodyError } from './attempt.ts';

const broken =
  (cause: string) =>
  (error: unknown): boolean =>
    error instanceof BodyError && error.outcome.cause === cause && error.outcome.class === 'http';

/** Answers the first request of a connection, and lets `then` deal with the second. */
const answeringOnce =
  (then: (socket: Socket) => void) =>
  (socket: Socket): void => {
    let count = 0;
    onRequests(socket, () => (count++ === 0 ? void socket.write(rawAnswer(200, 'first')) : then(socket)));
  };

for (const [how, end] of [
  ['closed', (socket: Socket) => void socket.end()],
  ['reset', (socket: Socket) => void socket.resetAndDestroy()],
] as const) {
  test(`a kept connection ${how} before the answer is replaced by a fresh one`, async (t) => {
    const server = await startRawServer(t, answeringOnce(end));
    const upstream = upstreamForTest(t, server.url);
    await textOf(found(await attempt(upstream, '/a')).body);
    await settle(); // undici gives a connection back in the next turn of the event loop.
    const second = found(await attempt(upstream, '/b'));
    assert.equal(await textOf(second.body), 'first');
    assert.equal(second.timing.reused, false);
    assert.equal(upstream.connections().opened, 2);
  });

  test(`a fresh connection ${how} before the answer is a failure, and not repeated`, async (t) => {
    const server = await startRawServer(t, (socket) => onRequests(socket, () => end(socket)));
    const upstream = upstreamForTest(t, server.url);
    const { outcome } = other(await attempt(upstream, '/a'));
    assert.deepEqual([outcome.class, outcome.cause], ['http', 'reset']);
    assert.equal(server.sockets.length, 1);
  });
}

test('the fresh connection is tried once only', async (t) => {
  let connections = 0;
  const server = await startRawServer(t, (socket) => {
    const first = connections++ === 0;
    if (first) answeringOnce((each) => void each.end())(socket);
    else onRequests(socket, () => void socket.end());
  });
  const upstream = upstreamForTest(t, server.url);
  await textOf(found(await attempt(upstream, '/a')).body);
  await settle(); // undici gives a connection back in the next turn of the event loop.
  assert.equal(other(await attempt(upstream, '/b')).outcome.cause, 'reset');
  assert.equal(connections, 2);
});

test('a kept connection that breaks within the answer is not repeated', async (t) => {
  const server = await startRawServer(
    t,
    answeringOnce((socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-le')),
  );
  const upstream = upstreamForTest(t, server.url);
  await textOf(found(await attempt(upstream, '/a')).body);
  await settle(); // undici gives a connection back in the next turn of the event loop.
  const answer = other(await attempt(upstream, '/b'));
  assert.equal(answer.outcome.cause, 'reset');
  assert.equal(answer.timing.reused, true);
  assert.equal(server.sockets.length, 1);
});

for (const connection of ['keep-alive', 'close']) {
  test(`a body that ends before Content-Length is short (connection: ${connection})`, async (t) => {
    const server = await startRawServer(t, (socket) =>
      onRequests(socket, () => socket.end(rawAnswer(200, 'abc', { 'content-length': '10', connection }))),
    );
    const { body } = found(await attempt(upstreamForTest(t, server.url), '/x'));
    await assert.rejects(textOf(body), broken('short-body'));
  });
}

test('a chunked body without its end is a broken connection', async (t) => {
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, () =>
      socket.end(rawAnswer(200, '5\r\nabcde\r\n', { 'transfer-encoding': 'chunked' })),
    ),
  );
  const { body } = found(await attempt(upstreamForTest(t, server.url), '/x'));
  await assert.rejects(textOf(body), broken('reset'));
});

test('a reset within the body is a broken connection, after the bytes that came', async (t) => {
  let reset: (() => void) | undefined;
  const server = await startRawServer(t, (socket) => {
    reset = () => socket.resetAndDestroy();
    onRequests(socket, () => socket.write(rawAnswer(200, 'abc', { 'content-length': '10' })));
  });
  const { body } = found(await attempt(upstreamForTest(t, server.url), '/x'));
  let text = '';
  const reading = (async () => {
    for await (const chunk of body) {
      text += chunk.toString();
      reset?.();
    }
  })();
  await assert.rejects(reading, broken('reset'));
  assert.equal(text, 'abc');
});

test('leaving the loop early closes a large transfer', async (t) => {
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n');
      socket.write(Buffer.alloc(100_000));
    }),
  );
  const { body } = found(await attempt(upstreamForTest(t, server.url), '/x'));
  for await (const _ of body) break;
  await closed(server.sockets[0]);
});

test('cancel leaves the connection of a small body usable', async (t) => {
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, (head) => {
      if (head.startsWith('GET /small')) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nabc');
      setImmediate(() => socket.write(head.startsWith('GET /small') ? 'def' : rawAnswer(200, 'next')));
    }),
  );
  const upstream = upstreamForTest(t, server.url);
  const small = found(await attempt(upstream, '/small'));
  small.cancel();
  small.cancel();
  // The pool gives its one idle connection once the rest has come; until then it opens another.
  let reused = false;
  while (!reused) {
    const next = found(await attempt(upstream, '/next'));
    await textOf(next.body);
    reused = next.timing.reused;
  }
  assert.ok(!server.sockets[0]?.destroyed);
});

test('a large body comes whole, however slowly it is read', async (t) => {
  const size = 8 * 1024 * 1024;
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, () => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`);
      socket.write(Buffer.alloc(size, 7));
    }),
  );
  const { body } = found(await attempt(upstreamForTest(t, server.url), '/x'));
  let received = 0;
  for await (const chunk of body) {
    received += chunk.length;
    assert.ok(chunk.every((byte) => byte === 7));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(received, size);
});

test('nobody listening is a refused connection', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const { outcome } = other(await attempt(upstreamForTest(t, new URL(`http://127.0.0.1:${port}`)), '/x'));
  assert.deepEqual([outcome.class, outcome.cause], ['http', 'connect-refused']);
  assert.ok(outcome.detail.includes(String(port)));
  // The port was free all the time: nobody else had taken it.
  const probe = connect(port, '127.0.0.1');
  const [error] = (await once(probe, 'error').catch((thrown: unknown) => [thrown])) as [
    NodeJS.ErrnoException,
  ];
  assert.equal(error.code, 'ECONNREFUSED');
});

test('a name without an address is a DNS failure', async (t) => {
  const { outcome } = other(await attempt(upstreamForTest(t, new URL('http://mirror.invalid')), '/x'));
  assert.deepEqual([outcome.class, outcome.cause], ['http', 'dns']);
  assert.ok(outcome.detail.includes('mirror.invalid'));
});
