import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { onRequests, rawAnswer, startRawServer } from '../../test/support/raw-server.ts';
import {
  attempt,
  found,
  getRequest,
  other,
  textOf,
  upstreamForTest,
} from '../../test/support/upstream-for-test.ts';
import type { AttemptAnswer, RestRequest } from './attempt.ts';

const VALIDATED: RestRequest = { fromBytes: 3, validator: '"e"', totalBytes: 6 };
const SUPPOSED: RestRequest = { fromBytes: 3, totalBytes: 6 };

/** One request for a rest, the answer to it, and what the mirror was asked. */
async function asked(
  t: TestContext,
  rest: RestRequest,
  raw: string,
  maxBodyBytes = 100,
): Promise<{ answer: AttemptAnswer; head: string }> {
  let head = '';
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, (text) => {
      head = text;
      socket.write(raw);
    }),
  );
  const upstream = upstreamForTest(t, server.url);
  return { answer: await attempt(upstream, getRequest('/x', { rest, maxBodyBytes })), head };
}

test('the rest of a file comes with its place, the length of the whole and the validator', async (t) => {
  const raw = rawAnswer(206, 'def', { 'content-range': 'bytes 3-5/6', etag: '"e"' });
  const { answer, head } = await asked(t, VALIDATED, raw);
  const { status, startBytes, contentLength, validator, body } = found(answer);
  assert.deepEqual([status, startBytes, contentLength, validator], [206, 3, 6, '"e"']);
  assert.equal(await textOf(body), 'def');
  assert.match(head, /\r\nrange: bytes=3-\r\n/i);
  assert.match(head, /\r\nif-range: "e"\r\n/i);
});

test('a mirror that sends the whole file all the same begins at its beginning', async (t) => {
  const { answer } = await asked(t, VALIDATED, rawAnswer(200, 'abcdef', { etag: '"new"' }));
  const { status, startBytes, contentLength, validator, body } = found(answer);
  assert.deepEqual([status, startBytes, contentLength, validator], [200, undefined, 6, '"new"']);
  assert.equal(await textOf(body), 'abcdef');
});

test('a mirror that contradicts its validator has failed', async (t) => {
  for (const raw of [
    rawAnswer(416, '', { 'content-range': 'bytes */2' }),
    rawAnswer(206, 'ef', { 'content-range': 'bytes 4-5/6' }),
    rawAnswer(206, 'defg', { 'content-range': 'bytes 3-6/7' }),
  ]) {
    const { outcome, otherFile } = other((await asked(t, VALIDATED, raw)).answer);
    assert.deepEqual([outcome.class, outcome.cause, otherFile], ['http', 'protocol', undefined], raw);
  }
});

test("a length that was only supposed is nobody's fault", async (t) => {
  for (const raw of [
    rawAnswer(416, '', { 'content-range': 'bytes */2' }),
    rawAnswer(206, 'defg', { 'content-range': 'bytes 3-6/7' }),
  ]) {
    const { answer, head } = await asked(t, SUPPOSED, raw);
    const { outcome, otherFile } = other(answer);
    assert.deepEqual([outcome.class, otherFile], ['neutral', true], raw);
    assert.doesNotMatch(head, /if-range/i);
  }
});

test('a file that is too large as a whole is not begun in its middle', async (t) => {
  const raw = rawAnswer(206, 'def', { 'content-range': 'bytes 3-5/6' });
  const { outcome } = other((await asked(t, VALIDATED, raw, 5)).answer);
  assert.equal(outcome.cause, 'bad-content');
});
