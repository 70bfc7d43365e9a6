import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { closed, onRequests, rawAnswer, startRawServer } from '../../test/support/raw-server.ts';
import {
  attempt,
  found,
  getRequest,
  other,
  textOf,
  upstreamForTest,
} from '../../test/support/upstream-for-test.ts';
import { settle } from '../../test/support/virtual-clock.ts';
import { BodyError } from './attempt.ts';

const answering =
  (...answers: readonly string[]) =>
  (socket: Socket): void => {
    let count = 0;
    onRequests(socket, () => socket.write(answers[Math.min(count++, answers.length - 1)] ?? '', 'latin1'));
  };

test('a file comes with its headers, length and bytes, at the base path', async (t) => {
  const heads: string[] = [];
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, (head) => {
      heads.push(head);
      socket.write(
        rawAnswer(200, 'v1.0.0\n', { 'Content-Type': 'text/plain', 'X-Twice': 'a', 'x-twice': 'b' }),
      );
    }),
  );
  const upstream = upstreamForTest(t, new URL('/base', server.url), { authorization: 'Basic c2VjcmV0' });
  const answer = found(
    await attempt(upstream, getRequest('/x/!y/@v/list', { headers: { via: '1.1 rondo-other' } })),
  );
  assert.equal(answer.status, 200);
  assert.equal(answer.contentLength, 7);
  assert.equal(answer.headers['content-type'], 'text/plain');
  assert.equal(answer.headers['x-twice'], 'a, b');
  assert.equal(await textOf(answer.body), 'v1.0.0\n');
  const [head = ''] = heads;
  assert.match(head, /^GET \/base\/x\/!y\/@v\/list HTTP\/1\.1\r\n/);
  assert.match(head, /\r\naccept-encoding: identity\b/i);
  assert.match(head, /\r\nuser-agent: rondo\/test\b/i);
  assert.match(head, /\r\nvia: 1\.1 rondo-other, 1\.1 rondo-test(\r\n|$)/i);
  assert.match(head, /\r\nauthorization: Basic c2VjcmV0(\r\n|$)/i);
});

test('without an incoming Via there is our own alone, and no authorization without credentials', async (t) => {
  const heads: string[] = [];
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, (head) => {
      heads.push(head);
      socket.write(rawAnswer(200, ''));
    }),
  );
  await attempt(upstreamForTest(t, server.url), '/x');
  assert.match(heads[0] ?? '', /\r\nvia: 1\.1 rondo-test(\r\n|$)/i);
  assert.doesNotMatch(heads[0] ?? '', /authorization/i);
});

test('connections are kept, counted, and told apart', async (t) => {
  const server = await startRawServer(t, answering(rawAnswer(200, 'a')));
  const upstream = upstreamForTest(t, server.url);
  const first = found(await attempt(upstream, '/a'));
  await textOf(first.body);
  await settle(); // undici gives a connection back in the next turn of the event loop.
  const second = found(await attempt(upstream, '/b'));
  await textOf(second.body);
  assert.equal(first.timing.reused, false);
  assert.ok(first.timing.connectMs !== undefined && first.timing.firstByteMs !== undefined);
  assert.equal(first.timing.tlsMs, undefined);
  assert.equal(second.timing.reused, true);
  assert.equal(second.timing.connectMs, undefined);
  assert.deepEqual(upstream.connections(), { open: 1, opened: 1 });
  await upstream.close();
  await closed(server.sockets[0]);
  assert.equal(upstream.connections().open, 0);
});

test('close: what is under way ends well, redirects and bodies too, and then no connection is left', async (t) => {
  const writers: (() => void)[] = [];
  const elsewhere = await startRawServer(t, answering(rawAnswer(200, 'redirected')));
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, (head) => {
      if (head.startsWith('GET /slow-redirect ')) {
        writers.push(() => socket.write(rawAnswer(302, '', { location: `${elsewhere.url.href}there` })));
        return;
      }
      socket.write(rawAnswer(200, 'half', { 'content-length': '8' }));
      writers.push(() => socket.write('half'));
    }),
  );
  const upstream = upstreamForTest(t, server.url);
  const body = found(await attempt(upstream, '/body'));
  const redirected = attempt(upstream, '/slow-redirect');
  while (writers.length < 2) await settle();
  const closing = upstream.close();
  assert.equal(upstream.close(), closing, 'it is idempotent');
  await settle();
  for (const write of writers) write();
  assert.equal(await textOf(found(await redirected).body), 'redirected');
  assert.equal(await textOf(body.body), 'halfhalf');
  await closing;
  for (const socket of [...server.sockets, ...elsewhere.sockets]) await closed(socket);
  assert.equal(upstream.connections().open, 0);
});

test('who asks after close is answered, over a connection that goes with the answer', async (t) => {
  const server = await startRawServer(t, answering(rawAnswer(200, 'late')));
  const upstream = upstreamForTest(t, server.url);
  await upstream.close();
  assert.equal(await textOf(found(await attempt(upstream, '/a')).body), 'late');
  await closed(server.sockets[0]);
  assert.deepEqual(upstream.connections(), { open: 0, opened: 1 });
});

test('HEAD has the length of the file and no bytes', async (t) => {
  const server = await startRawServer(t, answering(rawAnswer(200, '', { 'content-length': '1000' })));
  const answer = found(await attempt(upstreamForTest(t, server.url), getRequest('/x', { method: 'HEAD' })));
  assert.equal(answer.contentLength, 1000);
  assert.equal(await textOf(answer.body), '');
});

test('a 404 has its words, and its connection is kept', async (t) => {
  const notFound = rawAnswer(404, 'not found: \u001B[31mno such module\nmore\n', {
    'content-type': 'text/plain',
  });
  const server = await startRawServer(t, answering(notFound, rawAnswer(200, 'ok')));
  const upstream = upstreamForTest(t, server.url);
  const answer = other(await attempt(upstream, '/x'));
  assert.deepEqual([answer.outcome.class, answer.outcome.cause], ['neutral', 'not-found']);
  assert.equal(answer.words, 'not found: no such module');
  await settle();
  assert.equal(found(await attempt(upstream, '/y')).timing.reused, true);
});

test('words come from text/plain only', async (t) => {
  const server = await startRawServer(
    t,
    answering(rawAnswer(403, '{"a":1}', { 'content-type': 'application/json' })),
  );
  const answer = other(await attempt(upstreamForTest(t, server.url), '/x'));
  assert.equal(answer.outcome.cause, 'refused');
  assert.equal(answer.words, undefined);
});

test('a soft 404 is a failure', async (t) => {
  const server = await startRawServer(t, answering(rawAnswer(404, 'not found: fetch timed out')));
  const { outcome } = other(await attempt(upstreamForTest(t, server.url), '/x'));
  assert.deepEqual([outcome.class, outcome.cause], ['http', 'soft-not-found']);
});

test('an endless error body is neither read to its end nor kept', async (t) => {
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, () => {
      socket.write('HTTP/1.1 500 X\r\ncontent-length: 100000000\r\n\r\n');
      socket.write(Buffer.alloc(200_000, 'x'));
    }),
  );
  const upstream = upstreamForTest(t, server.url);
  assert.equal(other(await attempt(upstream, '/x')).outcome.cause, 'server-error');
  await closed(server.sockets[0]);
});

test('a web page under text/html is a captive portal, a mislabelled file is not', async (t) => {
  const html = { 'content-type': 'text/html; charset=utf-8' };
  const portal = await startRawServer(
    t,
    answering(rawAnswer(200, '<!DOCTYPE html><html>log in</html>', html)),
  );
  assert.equal(other(await attempt(upstreamForTest(t, portal.url), '/x')).outcome.cause, 'captive-portal');
  const mislabelled = await startRawServer(t, answering(rawAnswer(200, 'module example.org/a\n', html)));
  const answer = found(await attempt(upstreamForTest(t, mislabelled.url), '/x'));
  assert.equal(await textOf(answer.body), 'module example.org/a\n');
});

test('an encoding that nobody asked for is a failure', async (t) => {
  const server = await startRawServer(t, answering(rawAnswer(200, 'x', { 'content-encoding': 'gzip' })));
  assert.equal(other(await attempt(upstreamForTest(t, server.url), '/x')).outcome.cause, 'protocol');
});

test('a body announced larger than allowed is not begun', async (t) => {
  const server = await startRawServer(t, answering(rawAnswer(200, 'abcde')));
  const answer = other(await attempt(upstreamForTest(t, server.url), getRequest('/x', { maxBodyBytes: 4 })));
  assert.equal(answer.outcome.cause, 'bad-content');
});

test('a body that grows larger than allowed is broken off', async (t) => {
  const chunked = { 'transfer-encoding': 'chunked' };
  const server = await startRawServer(t, answering(rawAnswer(200, '5\r\nabcde\r\n0\r\n\r\n', chunked)));
  const answer = found(await attempt(upstreamForTest(t, server.url), getRequest('/x', { maxBodyBytes: 4 })));
  await assert.rejects(
    textOf(answer.body),
    (error) => error instanceof BodyError && error.outcome.cause === 'bad-content',
  );
});

test('bytes beyond Content-Length are cut, and the connection is dropped', async (t) => {
  const server = await startRawServer(t, answering(rawAnswer(200, 'abcdef', { 'content-length': '3' })));
  const upstream = upstreamForTest(t, server.url);
  assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'abc');
  await closed(server.sockets[0]);
  assert.equal(found(await attempt(upstream, '/y')).timing.reused, false);
});

test('a 206 that nobody asked for is no answer', async (t) => {
  const part = rawAnswer(206, 'bc', { 'content-range': 'bytes 1-2/3' });
  const server = await startRawServer(t, answering(part));
  const { outcome } = other(await attempt(upstreamForTest(t, server.url), '/x'));
  assert.deepEqual([outcome.class, outcome.cause], ['http', 'server-error']);
});

test('what is not HTTP is a failure', async (t) => {
  const server = await startRawServer(t, (socket) => void socket.write('SSH-2.0-OpenSSH_9.9\r\n'));
  const { outcome } = other(await attempt(upstreamForTest(t, server.url), '/x'));
  assert.deepEqual([outcome.class, outcome.cause], ['http', 'protocol']);
});

test('headers without end are a failure', async (t) => {
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, () => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`)),
  );
  assert.equal(other(await attempt(upstreamForTest(t, server.url), '/x')).outcome.cause, 'protocol');
});

test('a Via that is no header value is nobody’s fault', async (t) => {
  const server = await startRawServer(t, answering(rawAnswer(200, 'a')));
  const request = getRequest('/x', { headers: { via: 'a\r\nb' } });
  assert.equal(other(await attempt(upstreamForTest(t, server.url), request)).outcome.class, 'neutral');
});
