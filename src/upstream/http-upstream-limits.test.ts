import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { startBlackHole } from '../../test/support/black-hole.ts';
import {
  closed,
  onRequests,
  rawAnswer,
  startRawServer,
  type RawServer,
} from '../../test/support/raw-server.ts';
import {
  attempt,
  found,
  getRequest,
  other,
  textOf,
  upstreamForTest,
} from '../../test/support/upstream-for-test.ts';
import { settle, VirtualClock } from '../../test/support/virtual-clock.ts';
import { BodyError, type AttemptAnswer } from './attempt.ts';
import type { Timer } from '../kit/clock.ts';
import type { Network } from './network.ts';

/** A server that tells when a request has come and says nothing by itself. */
async function silentServer(t: TestContext): Promise<RawServer & { asked: Promise<Socket> }> {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  const server = await startRawServer(t, (socket) => onRequests(socket, () => resolve(socket)));
  return { ...server, asked: promise };
}

/** Knows which delays were asked for. */
class ListeningClock extends VirtualClock {
  readonly delaysMs: number[] = [];

  override after(delayMs: number, fn: () => void): Timer {
    this.delaysMs.push(delayMs);
    return super.after(delayMs, fn);
  }
}

/** Waits for something real while virtual time stands still. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settle();
}

test('headers that do not come end the attempt, and the connection', async (t) => {
  const clock = new VirtualClock();
  const server = await silentServer(t);
  const waiting = attempt(
    upstreamForTest(t, server.url, { clock }),
    getRequest('/x', { headerLimitMs: 3000 }),
  );
  const socket = await server.asked;
  await clock.advance(2999);
  const gone = closed(socket);
  await clock.advance(1);
  const { outcome } = other(await waiting);
  assert.deepEqual([outcome.class, outcome.cause], ['http', 'header-timeout']);
  assert.equal(outcome.detail, 'no answer within 3 s');
  await gone;
  assert.equal(clock.pending, 0);
});

test('dripping headers do not stretch the limit', async (t) => {
  const clock = new VirtualClock();
  const server = await silentServer(t);
  const waiting = attempt(
    upstreamForTest(t, server.url, { clock }),
    getRequest('/x', { headerLimitMs: 3000 }),
  );
  const socket = await server.asked;
  for (const line of ['HTTP/1.1 200 OK\r\n', 'a: b\r\n', 'c: d\r\n']) {
    socket.write(line);
    await clock.advance(1000);
  }
  assert.equal(other(await waiting).outcome.cause, 'header-timeout');
});

test('an abort rejects at once with its reason', async (t) => {
  const clock = new VirtualClock();
  const server = await silentServer(t);
  const upstream = upstreamForTest(t, server.url, { clock });
  const controller = new AbortController();
  const waiting = upstream.attempt(getRequest('/x'), controller.signal);
  const socket = await server.asked;
  const gone = closed(socket);
  const reason = new Error('enough');
  controller.abort(reason);
  await assert.rejects(waiting, reason);
  await gone;
  assert.equal(clock.pending, 0);
  await assert.rejects(upstream.attempt(getRequest('/x'), controller.signal), reason);
});

test('an abort after the headers leaves the body alone', async (t) => {
  const server = await silentServer(t);
  const controller = new AbortController();
  const waiting = upstreamForTest(t, server.url).attempt(getRequest('/x'), controller.signal);
  const socket = await server.asked;
  socket.write(rawAnswer(200, 'abc', { 'content-length': '6' }));
  const { body } = found(await waiting);
  controller.abort();
  socket.write('def');
  assert.equal(await textOf(body), 'abcdef');
});

test('an abort while the words of an error are read counts', async (t) => {
  const clock = new ListeningClock();
  const server = await silentServer(t);
  const controller = new AbortController();
  const waiting = upstreamForTest(t, server.url, { clock }).attempt(getRequest('/x'), controller.signal);
  (await server.asked).write(rawAnswer(404, 'not', { 'content-length': '100' }));
  await until(() => clock.delaysMs.includes(1000));
  controller.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
});

test('words that do not come are not waited for', async (t) => {
  const clock = new VirtualClock();
  const server = await silentServer(t);
  const waiting = attempt(upstreamForTest(t, server.url, { clock }), '/x');
  (await server.asked).write(rawAnswer(503, 'so', { 'content-length': '100', 'content-type': 'text/plain' }));
  let answer: AttemptAnswer | undefined;
  void waiting.then((each) => (answer = each));
  while (answer === undefined) await clock.advance(100);
  assert.equal(other(answer).outcome.cause, 'overload');
  assert.equal(other(answer).words, 'so');
});

test('a connection aborted while it is made stays for the next request', async (t) => {
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, () => socket.write(rawAnswer(200, 'a'))),
  );
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const network: Network = {
    lookup: (_host, _options, callback) =>
      void released.then(() => callback(null, [{ address: '127.0.0.1', family: 4 }])),
    isPublic: () => false,
  };
  const upstream = upstreamForTest(t, new URL(`http://mirror.example:${server.port}`), { network });
  const controller = new AbortController();
  const waiting = upstream.attempt(getRequest('/x'), controller.signal);
  controller.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
  release();
  await until(() => upstream.connections().open === 1);
  await settle();
  assert.equal(await textOf(found(await attempt(upstream, '/y')).body), 'a');
  assert.equal(upstream.connections().opened, 1);
});

test('a name lookup that hangs counts as connecting', async (t) => {
  const clock = new VirtualClock();
  const network: Network = { lookup: () => undefined, isPublic: () => false };
  const waiting = attempt(upstreamForTest(t, new URL('http://mirror.example'), { clock, network }), '/x');
  await clock.advance(5000);
  const { outcome } = other(await waiting);
  assert.deepEqual([outcome.class, outcome.cause], ['http', 'connect-timeout']);
  assert.equal(clock.pending, 0);
});

test('TCP that does not come about has its own limit and error', async (t) => {
  const clock = new VirtualClock();
  const port = await startBlackHole(t, '127.0.0.1');
  const waiting = attempt(upstreamForTest(t, new URL(`https://127.0.0.1:${port}`), { clock }), '/x');
  await clock.advance(4999);
  await clock.advance(1);
  assert.equal(other(await waiting).outcome.cause, 'connect-timeout');
});

test('TLS that does not come about has its own limit and error', async (t) => {
  const clock = new VirtualClock();
  const { promise: accepted, resolve: accept } = Promise.withResolvers<void>();
  const server = await startRawServer(t, (socket) => void socket.once('data', () => accept()));
  const upstream = upstreamForTest(t, new URL(`https://127.0.0.1:${server.port}`), { clock });
  const waiting = attempt(upstream, '/x');
  await accepted;
  await clock.advance(4999);
  assert.equal(upstream.connections().open, 1);
  await clock.advance(1);
  assert.equal(other(await waiting).outcome.cause, 'tls-timeout');
  await until(() => upstream.connections().open === 0);
});

const broken =
  (cause: string) =>
  (error: unknown): boolean =>
    error instanceof BodyError && error.outcome.cause === cause;

test('a body that stops is ended after ten seconds', async (t) => {
  const clock = new VirtualClock();
  const server = await silentServer(t);
  const waiting = attempt(upstreamForTest(t, server.url, { clock }), '/x');
  const socket = await server.asked;
  socket.write(rawAnswer(200, 'abc', { 'content-length': '10' }));
  const { body } = found(await waiting);
  const gone = closed(socket);
  const reading = assert.rejects(textOf(body), broken('body-idle'));
  await until(() => clock.pending > 0);
  await clock.advance(10_000);
  await reading;
  await gone;
});

test('a dripping body is ended after thirty seconds', async (t) => {
  const clock = new VirtualClock();
  const server = await silentServer(t);
  const waiting = attempt(upstreamForTest(t, server.url, { clock }), '/x');
  const socket = await server.asked;
  socket.write(rawAnswer(200, '', { 'content-length': '1000000' }));
  const { body } = found(await waiting);
  let received = 0;
  let failure: unknown;
  const reading = (async () => {
    for await (const chunk of body) received += chunk.length;
  })().catch((error: unknown) => (failure = error));
  for (let sent = 0; failure === undefined;) {
    socket.write('xxxxx');
    sent += 5;
    await until(() => received === sent);
    await clock.advance(1000);
  }
  await reading;
  assert.ok(broken('body-slow')(failure));
  assert.ok(clock.now() >= 30_000 && clock.now() <= 35_000, `ended at ${clock.now()} ms`);
});

test('a reader that takes minutes between two chunks costs the mirror nothing', async (t) => {
  const clock = new VirtualClock();
  const server = await silentServer(t);
  const waiting = attempt(upstreamForTest(t, server.url, { clock }), '/x');
  const socket = await server.asked;
  const size = 4 * 1024 * 1024;
  socket.write(rawAnswer(200, '', { 'content-length': String(size) }));
  socket.write(Buffer.alloc(size));
  const { body } = found(await waiting);
  let received = 0;
  for await (const chunk of body) {
    received += chunk.length;
    await clock.advance(60_000);
  }
  assert.equal(received, size);
});
