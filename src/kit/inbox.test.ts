import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Inbox } from './inbox.ts';
import { Notifier } from './notifier.ts';

test('an inbox gives its items in order, whether they come before or after the reader', async () => {
  const inbox = new Inbox<number>();
  const { signal } = new AbortController();
  inbox.post(1);
  inbox.post(2);
  assert.equal(await inbox.take(signal), 1);
  assert.equal(await inbox.take(signal), 2);
  const third = inbox.take(signal);
  inbox.post(3);
  assert.equal(await third, 3);
});

test('a waiting reader is woken by an abort, and the inbox can be read on', async () => {
  const inbox = new Inbox<number>();
  const abort = new AbortController();
  const taken = inbox.take(abort.signal);
  abort.abort(new Error('stop'));
  await assert.rejects(taken, /stop/);
  inbox.post(4);
  assert.equal(await inbox.take(new AbortController().signal), 4);
});

test('a notifier wakes all who wait now, once', async () => {
  const notifier = new Notifier();
  const woken: string[] = [];
  const first = notifier.changed().then(() => woken.push('first'));
  const second = notifier.changed().then(() => woken.push('second'));
  notifier.notify();
  await Promise.all([first, second]);
  void notifier.changed().then(() => woken.push('late'));
  await Promise.resolve();
  assert.deepEqual(woken, ['first', 'second']);
});
