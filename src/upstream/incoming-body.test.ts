import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UPSTREAM_SETTINGS } from '../../test/support/upstream-for-test.ts';
import { settle, VirtualClock } from '../../test/support/virtual-clock.ts';
import { BodyError } from './attempt.ts';
import { IncomingBody } from './incoming-body.ts';

const KIB = 1024;

function open(options: { contentLength?: number; maxBytes?: number } = {}): {
  body: IncomingBody;
  clock: VirtualClock;
  calls: string[];
} {
  const clock = new VirtualClock();
  const calls: string[] = [];
  const source = {
    pause: () => void calls.push('pause'),
    resume: () => void calls.push('resume'),
    abort: () => void calls.push('abort'),
  };
  const body = new IncomingBody({
    source,
    clock,
    settings: UPSTREAM_SETTINGS,
    maxBytes: 1024 * KIB,
    ...options,
  });
  return { body, clock, calls };
}

/** Reads to the end; what was read, and the cause of the break if there was one. */
async function drain(body: IncomingBody): Promise<{ text: string; cause?: string; detail?: string }> {
  let text = '';
  try {
    for await (const chunk of body) text += chunk.toString();
  } catch (error) {
    assert.ok(error instanceof BodyError);
    return { text, cause: error.outcome.cause, detail: error.outcome.detail };
  }
  return { text };
}

test('what is pushed is read, before the end and after it', async () => {
  const { body, calls } = open();
  body.push(Buffer.from('ab'));
  const reading = drain(body);
  await settle();
  body.push(Buffer.from('cd'));
  body.end();
  assert.deepEqual(await reading, { text: 'abcd' });
  assert.deepEqual(calls, []);
});

test('a sender is paused above 256 KiB and goes on below 64 KiB', async () => {
  const { body, calls } = open();
  for (let count = 0; count < 5; count += 1) body.push(Buffer.alloc(64 * KIB));
  assert.deepEqual(calls, ['pause']);
  const reader = body[Symbol.asyncIterator]();
  for (let count = 0; count < 3; count += 1) await reader.next();
  assert.deepEqual(calls, ['pause']);
  await reader.next();
  assert.deepEqual(calls, ['pause', 'resume']);
});

test('bytes that come one by one are paused by their number and given away together', async () => {
  const { body, calls } = open();
  for (let count = 0; count < 3000; count += 1) body.push(Buffer.from('x'));
  assert.deepEqual(calls, ['pause']);
  const reader = body[Symbol.asyncIterator]();
  assert.deepEqual((await reader.next()).value, Buffer.alloc(3000, 'x'));
  assert.deepEqual(calls, ['pause', 'resume']);
  // What is large enough goes as it is.
  const [small, large] = [Buffer.alloc(10 * KIB, 1), Buffer.alloc(10 * KIB, 2)];
  body.push(small);
  body.push(large);
  assert.equal((await reader.next()).value, small);
  assert.equal((await reader.next()).value, large);
});

test('what came before a break is read before its error', async () => {
  const { body } = open({ contentLength: 10 });
  body.push(Buffer.from('abc'));
  body.fail(Object.assign(new Error('x'), { code: 'ECONNRESET' }));
  assert.deepEqual(await drain(body), {
    text: 'abc',
    cause: 'reset',
    detail: 'connection reset (ECONNRESET) after 3 of 10 bytes',
  });
});

test('an orderly close before Content-Length is a short body', async () => {
  for (const code of ['UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']) {
    const { body } = open({ contentLength: 10 });
    body.push(Buffer.from('abc'));
    body.fail(Object.assign(new Error('other side closed'), { code }));
    assert.deepEqual(await drain(body), {
      text: 'abc',
      cause: 'short-body',
      detail: 'ended after 3 of 10 bytes',
    });
  }
});

test('a body that stops is idle after ten seconds, and its connection is closed', async () => {
  const { body, clock, calls } = open();
  body.push(Buffer.from('abc'));
  const reading = drain(body);
  await clock.advance(10_000);
  assert.deepEqual(await reading, { text: 'abc', cause: 'body-idle', detail: 'no byte for 10 s' });
  assert.deepEqual(calls, ['abort']);
  assert.equal(clock.pending, 0);
});

test('a body larger than allowed is broken off', async () => {
  const { body, calls } = open({ maxBytes: 4 });
  body.push(Buffer.from('abcd'));
  body.push(Buffer.from('e'));
  assert.deepEqual(await drain(body), { text: 'abcd', cause: 'bad-content', detail: 'larger than 4 bytes' });
  assert.deepEqual(calls, ['abort']);
});

test('leaving the loop early lets a small rest come, and closes for a large one', async () => {
  const small = open({ contentLength: 10 });
  small.body.push(Buffer.from('abc'));
  for await (const _ of small.body) break;
  small.body.push(Buffer.from('defghij'));
  small.body.end();
  assert.deepEqual(small.calls, []);
  assert.equal(small.clock.pending, 0);

  const large = open({ contentLength: 1000 * KIB });
  large.body.push(Buffer.from('abc'));
  for await (const _ of large.body) break;
  assert.deepEqual(large.calls, ['abort']);
});

test('a rest that does not come, or does not end, is not waited for', async () => {
  const late = open({ contentLength: 10 });
  late.body.discard();
  await late.clock.advance(1000);
  assert.deepEqual(late.calls, ['abort']);

  const endless = open();
  endless.body.discard();
  for (let count = 0; count < 3; count += 1) endless.body.push(Buffer.alloc(32 * KIB));
  assert.deepEqual(endless.calls, ['abort']);
  assert.equal(endless.clock.pending, 0);
});

test('dropping a body wakes its reader', async () => {
  const { body } = open({ contentLength: 10 });
  const reading = drain(body);
  await settle();
  body.discard();
  assert.deepEqual(await reading, { text: '', cause: 'superseded', detail: 'cancelled' });
});

test('the start can be looked at and is still read afterwards', async () => {
  const { body, clock } = open();
  const start = body.start(4, 1000);
  body.push(Buffer.from('ab'));
  await settle();
  body.push(Buffer.from('cdef'));
  assert.equal((await start).toString(), 'abcd');
  assert.equal(clock.pending, 0);
  body.end();
  assert.deepEqual(await drain(body), { text: 'abcdef' });
});

test('the start is what came in time', async () => {
  const { body, clock } = open();
  body.push(Buffer.from('ab'));
  const start = body.start(4, 1000);
  await clock.advance(1000);
  assert.equal((await start).toString(), 'ab');
});
