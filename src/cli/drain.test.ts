import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle, VirtualClock } from '../../test/support/virtual-clock.ts';
import { drainOnSignal, onceAKeystroke, type OnSignal } from './drain.ts';

function stage(onHangUp?: () => boolean) {
  const clock = new VirtualClock();
  const listeners = new Set<(signal: never) => void>();
  const onSignal: OnSignal = (_signals, listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const drained = Promise.withResolvers<void>();
  const calls: string[] = [];
  const end = drainOnSignal({
    clock,
    onSignal,
    drain: () => (calls.push('drain'), drained.promise),
    force: () => (calls.push('force'), drained.resolve(), Promise.resolve()),
    onDraining: (signal) => calls.push(signal),
    ...(onHangUp && { onHangUp }),
  });
  const send = (signal: NodeJS.Signals): void => {
    for (const listener of listeners) (listener as (signal: NodeJS.Signals) => void)(signal);
  };
  return { clock, send, calls, end, drained, listeners };
}

test('the first signal drains, and the end of that is the end', async () => {
  const { send, calls, end, drained, listeners } = stage();
  send('SIGTERM');
  drained.resolve();
  assert.equal(await end, 'drained');
  assert.deepEqual(calls, ['SIGTERM', 'drain']);
  assert.equal(listeners.size, 0);
});

test('whatever comes within half a second of the first is the same keystroke; after it a signal forces, once', async () => {
  const { clock, send, calls, end } = stage();
  send('SIGINT');
  await clock.advance(499);
  send('SIGINT');
  send('SIGTERM');
  assert.deepEqual(calls, ['SIGINT', 'drain']);
  await clock.advance(1);
  send('SIGINT');
  send('SIGINT');
  assert.deepEqual(calls, ['SIGINT', 'drain', 'force']);
  assert.equal(await end, 'forced');
});

test('SIGHUP stops where it means that, and nothing else has come of it', async () => {
  let isGone = false;
  const { send, calls, end, drained } = stage(() => !isGone);
  send('SIGHUP');
  assert.deepEqual(calls, []);
  isGone = true;
  send('SIGHUP');
  assert.deepEqual(calls, ['SIGHUP', 'drain']);
  drained.resolve();
  assert.equal(await end, 'drained');
});

test('a drain that fails is told', async () => {
  const { send, end, drained } = stage();
  send('SIGINT');
  drained.reject(new Error('disk full'));
  await assert.rejects(end, /disk full/);
});

test('a command gets each keystroke once, and different signals each', async () => {
  const clock = new VirtualClock();
  const pass = onceAKeystroke(clock);
  assert.deepEqual([pass('SIGINT'), pass('SIGINT'), pass('SIGTERM')], [true, false, true]);
  await clock.advance(500);
  assert.equal(pass('SIGINT'), true);
  await settle();
});
