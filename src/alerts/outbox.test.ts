import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Alert } from './conditions.ts';
import { createOutbox, type Outbox, type Receiver, type Waiting } from './outbox.ts';

function alert(id: string, state: Alert['state'] = 'firing'): Alert {
  return { id, kind: 'disk', subject: 's', message: 'm', state, sinceMs: 0, count: 1 };
}

type Asked = Receiver & { readonly asked: string[] };

/** A receiver that does not take what `refuses` says, and when it was asked for what. */
function receiver(clock: VirtualClock, name: string, refuses: (alert: Alert) => boolean): Asked {
  const asked: string[] = [];
  return {
    name,
    asked,
    send(each) {
      asked.push(`${each.id} ${clock.now() / 1000}`);
      return refuses(each) ? Promise.reject(new Error('down')) : Promise.resolve();
    },
  };
}

function failing(times: number): () => boolean {
  let left = times;
  return () => (left -= 1) >= 0;
}

type Opened = Outbox & { readonly told: string[] };

function open(clock: VirtualClock, receivers: readonly Receiver[], left: readonly Waiting[] = []): Opened {
  const told: string[] = [];
  const box = createOutbox({
    receivers,
    left,
    clock,
    onTaken: (name) => told.push(`${name} took one`),
    onFailure: (name, error, isFirst) => told.push(`${name} ${String(error)}${isFirst ? '' : ' again'}`),
  });
  return { ...box, told };
}

test('each is sent until it is taken, and a receiver who fails holds up no other', async () => {
  const clock = new VirtualClock();
  const good = receiver(clock, 'good', () => false);
  const bad = receiver(clock, 'bad', failing(4));
  const box = open(clock, [good, bad]);
  box.add([alert('1')]);
  await clock.advance(500);
  assert.deepEqual(good.asked, [], 'not before it is told to');
  box.send();
  await clock.advance(60_000);
  assert.deepEqual(good.asked, ['1 0.5']);
  assert.deepEqual(bad.asked, ['1 0.5', '1 1.5', '1 3.5', '1 7.5', '1 15.5']);
  const again = 'bad Error: down again';
  assert.deepEqual(box.told, ['good took one', 'bad Error: down', again, again, again, 'bad took one']);
  assert.ok(box.waiting().every(({ alerts }) => alerts.length === 0));
  box.close();
});

test('one that is never taken holds up no other, and what follows of the same alert stays behind it', async () => {
  const clock = new VirtualClock();
  const picky = receiver(clock, 'picky', ({ id }) => id === 'poison');
  const box = open(clock, [picky]);
  box.add([alert('poison'), alert('2'), alert('poison', 'resolved'), alert('3')]);
  box.send();
  await clock.advance(1_000);
  assert.deepEqual(picky.asked.slice(0, 4), ['poison 0', '2 1', '3 1', 'poison 1']);
  const [left] = box.waiting();
  assert.deepEqual(
    left?.alerts.map(({ id, state }) => `${id} ${state}`),
    ['poison firing', 'poison resolved'],
  );
  box.close();
});

test('what was left goes on after a restart, for those who are there still', async () => {
  const clock = new VirtualClock();
  const stays = receiver(clock, 'stays', () => false);
  const left = [
    { receiver: 'gone', alerts: [alert('1')] },
    { receiver: 'stays', alerts: [alert('2'), alert('3')] },
  ];
  const box = open(clock, [stays], left);
  box.send();
  await clock.advance(1);
  assert.deepEqual([stays.asked, box.told.length], [['2 0', '3 0'], 2]);
  box.close();
});

test('after so many failures it waits for five minutes and no longer, keeps a bounded line, and ends when it is closed', async () => {
  const clock = new VirtualClock();
  const never = receiver(clock, 'never', () => true);
  const box = open(clock, [never]);
  box.add([alert('1')]);
  box.send();
  await clock.advance(3_600_000);
  const times = never.asked.map((each) => Number(each.split(' ')[1]));
  assert.equal((times.at(-1) ?? 0) - (times.at(-2) ?? 0), 300);
  box.add(Array.from({ length: 2_000 }, (_, index) => alert(`n${index}`)));
  assert.equal(box.waiting()[0]?.alerts.length, 1_000);
  box.close();
  assert.equal(clock.pending, 0);
});

test('what is on its way when it is closed waits again, and is no failure', async () => {
  const clock = new VirtualClock();
  const hangs: Receiver = {
    name: 'hangs',
    send: (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  };
  const box = open(clock, [hangs]);
  box.add([alert('1')]);
  box.send();
  box.close();
  await clock.advance(1_000_000);
  assert.deepEqual([box.told, box.waiting()[0]?.alerts.length, clock.pending], [[], 1, 0]);
});
