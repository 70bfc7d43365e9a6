import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RACE_DEFAULTS } from '../../test/support/balance-defaults.ts';
import { flightEvent, fly, KIB, pass, receive, RIGHT } from '../../test/support/scripted-flight.ts';
import { settle } from '../../test/support/virtual-clock.ts';
import { RondoError } from '../errors/rondo-error.ts';

/** For what is about one transfer after the other. */
const NO_RACE = { race: { ...RACE_DEFAULTS, afterMs: 0 } };

test('one fetch for any number of clients, whenever they come', async () => {
  const { flight, clock, asked, kept } = fly({
    a: { script: { do: 'answer', body: RIGHT, chunkBytes: 32 * KIB, paceMs: 10 } },
  });
  const early = receive(flight);
  await pass(clock, 50);
  const late = receive(flight);
  await pass(clock, 100);
  assert.deepEqual([await early.end, await late.end], ['complete', 'complete']);
  assert.ok(early.text === RIGHT && late.text === RIGHT);
  await flight.over;
  assert.deepEqual([asked('a'), kept.length], [1, 1]);
});

test('a transfer that breaks continues with another mirror, and the client never knows', async () => {
  const { flight, clock, events } = fly({
    a: { script: { do: 'answer', body: RIGHT, chunkBytes: 32 * KIB, breaksAfter: 150_000 } },
    b: { script: { do: 'answer', body: RIGHT, chunkBytes: 20 * KIB } },
  });
  const client = receive(flight);
  await pass(clock, 10);
  assert.equal(await client.end, 'complete');
  assert.ok(client.text === RIGHT);
  const { ok, mirror, resumed, upstreamBytes } = flightEvent(events);
  assert.deepEqual([ok, mirror, resumed, upstreamBytes], [true, 'b', 1, 150_000 + RIGHT.length]);
});

test('a body that was cut without anybody saying its length is resumed as well', async () => {
  const { flight, clock, events } = fly({
    a: {
      script: { do: 'answer', body: `<${RIGHT.slice(1, 150_000)}`, chunkBytes: 32 * KIB, unannounced: true },
    },
    b: { script: { do: 'answer', body: RIGHT, chunkBytes: 20 * KIB } },
  });
  const client = receive(flight);
  await pass(clock, 10);
  assert.equal(await client.end, 'complete');
  assert.equal(flightEvent(events).resumed, 1);
});

test('the same mirror again when there is no other, and an honest error when nobody can', async () => {
  let times = 0;
  const again = fly({
    a: { script: () => ({ do: 'answer', body: RIGHT, ...(++times === 1 ? { breaksAfter: 1000 } : {}) }) },
  });
  const client = receive(again.flight);
  await pass(again.clock, 5000);
  assert.equal(await client.end, 'complete');

  const never = fly({ a: { script: { do: 'answer', body: RIGHT, breaksAfter: 1000 } } });
  const unlucky = receive(never.flight);
  await pass(never.clock, 60_000, 60);
  assert.equal(await unlucky.end, 'cut: E_NO_MIRROR');
  assert.equal(never.kept.length, 0);
});

test('hold: nothing leaves before 5 s, then all but the tail, the rest when it is right', async (t) => {
  const { flight, clock } = fly({
    a: { script: { do: 'answer', body: RIGHT, chunkBytes: 16_000, paceMs: 500 } }, // 10 s in all
  });
  let ready = false;
  const waiting = flight.open();
  t.after(() => waiting.close());
  void waiting.ready(5000).then(() => (ready = true));
  await pass(clock, 4900, 49);
  assert.equal(ready, false);
  await pass(clock, 300);
  assert.equal(ready, true);
  const client = receive(flight);
  await pass(clock, 1000, 10);
  // 12 chunks of 16,000 have arrived after 6.2 s; the last 64 KiB are held back.
  assert.equal(client.text.length, 12 * 16_000 - 64 * KIB);
  await pass(clock, 5000, 50);
  assert.equal(await client.end, 'complete');
  assert.ok(client.text === RIGHT);
});

test('hold = whole: never early', async (t) => {
  const { flight, clock } = fly({
    a: { script: { do: 'answer', body: RIGHT, chunkBytes: 16_000, paceMs: 1000 } },
  });
  let ready = false;
  const waiting = flight.open();
  t.after(() => waiting.close());
  void waiting.ready('whole').then(() => (ready = true));
  await pass(clock, 19_000, 38);
  assert.equal(ready, false);
  await pass(clock, 2000, 4);
  assert.equal(ready, true);
});

test('wrong content is quarantined and replaced while nothing has left', async () => {
  const wrong = `${RIGHT.slice(0, 1000)}X${RIGHT.slice(1001)}`;
  const { flight, clock, events, kept } = fly({
    a: { script: { do: 'answer', body: wrong, chunkBytes: 32 * KIB } },
    b: { script: { do: 'answer', body: RIGHT, chunkBytes: 32 * KIB } },
  });
  const client = receive(flight);
  await pass(clock, 10);
  assert.equal(await client.end, 'complete');
  assert.ok(client.text === RIGHT && kept[0] === RIGHT);
  const gates = events.flatMap((event) => (event.type === 'gate' ? [`${event.mirror} ${event.to}`] : []));
  assert.deepEqual(gates, ['a QUARANTINED']);
});

test('a page of HTML is an ordinary failure, a longer wrong body leaves nothing behind', async () => {
  const { flight, clock, events, kept } = fly({
    a: { script: { do: 'answer', body: `<html>${RIGHT}`, chunkBytes: 32 * KIB, unannounced: true } },
    b: { script: { do: 'answer', body: RIGHT, chunkBytes: 32 * KIB } },
  });
  await pass(clock, 10);
  await flight.over;
  assert.ok(kept[0] === RIGHT);
  assert.equal(
    events.some((event) => event.type === 'gate'),
    false,
  );
});

test('bytes that clients have and the right file has not: those clients are cut, later ones are served', async () => {
  const wrong = `${RIGHT.slice(0, 1000)}X${RIGHT.slice(1001)}`;
  const { flight, clock, kept } = fly(
    {
      a: { script: { do: 'answer', body: wrong, chunkBytes: 16_000, paceMs: 500, breaksAfter: 200_000 } },
      b: { script: { do: 'answer', body: RIGHT, chunkBytes: 16_000, paceMs: 100 } },
    },
    {},
    { settings: NO_RACE },
  );
  await pass(clock, 5500);
  const early = receive(flight);
  await pass(clock, 500);
  assert.ok(early.text.length > 1000, 'it has been given the wrong bytes');
  await pass(clock, 1500);
  const late = receive(flight);
  await pass(clock, 6000);
  assert.equal(await early.end, 'cut: E_BAD_CONTENT');
  assert.ok(early.text.length < RIGHT.length);
  assert.equal(await late.end, 'complete');
  assert.ok(late.text === RIGHT && kept[0] === RIGHT);
});

test('an announced length that turns out false is never ended as if it were complete', async (t) => {
  const longer = `${RIGHT}and more`;
  const { flight, clock } = fly(
    {
      a: {
        script: { do: 'answer', body: longer, chunkBytes: 16_000, paceMs: 500, breaksAfter: 300_000 },
      },
      b: { script: { do: 'answer', body: RIGHT, chunkBytes: 16_000 } },
    },
    {},
    { settings: NO_RACE },
  );
  await pass(clock, 6000);
  const waiting = flight.open();
  t.after(() => waiting.close());
  assert.equal(waiting.contentLength, RIGHT.length + 'and more'.length);
  const client = receive(flight);
  await pass(clock, 10_000, 40);
  assert.equal(await client.end, 'cut: E_BAD_CONTENT');
});

test('the flight goes on when its clients leave, and lets the spool go only after the last reader', async () => {
  const { flight, clock, kept, spool } = fly({
    a: { script: { do: 'answer', body: RIGHT, chunkBytes: 32 * KIB, paceMs: 100 } },
  });
  const leaver = flight.open().body();
  const slow = flight.open().body();
  await leaver.return?.();
  await pass(clock, 3000);
  await flight.over;
  assert.equal(kept.length, 1);
  const first = await slow.next();
  assert.equal(first.done, false);
  await slow.return?.();
  await settle();
  await assert.rejects(spool().read(0, 1), 'the spool is gone with its last reader');
});

test('a copy that cannot be written costs nothing but a notice', async () => {
  const { flight, clock, events } = fly(
    { a: { script: { do: 'answer', body: RIGHT, chunkBytes: 32 * KIB } } },
    { keep: () => Promise.reject(new RondoError('E_STORE', 'no space left')) },
  );
  const client = receive(flight);
  await pass(clock, 10);
  assert.equal(await client.end, 'complete');
  await flight.over;
  const notices = events.flatMap((event) => (event.type === 'notice' ? [[event.level, event.message]] : []));
  // The store has told that it cannot be written.
  assert.deepEqual(notices, [['debug', 'example.com/m/@v/v1.0.0.zip is served but not kept: no space left']]);
});

test('what no mirror can mend ends the flight and charges nobody', async () => {
  const error = new RondoError('E_CHECKSUM_DB_UNREACHABLE', 'no database');
  const { flight, clock, events } = fly(
    { a: { script: { do: 'answer', body: RIGHT, chunkBytes: 32 * KIB } } },
    { judge: () => Promise.resolve({ kind: 'hopeless', error }) },
  );
  const ended = assert.rejects(flight.open().whole(), error);
  await pass(clock, 10);
  await ended;
  const visits = events.flatMap((event) => (event.type === 'visit' ? [event.outcome.class] : []));
  assert.deepEqual(visits, ['ok']);
});

test('a stop drops what is still being fetched, at once', async () => {
  const stop = new AbortController();
  const { flight, clock, kept } = fly(
    { a: { script: { do: 'answer', body: RIGHT, chunkBytes: 16_000, paceMs: 500 } } },
    {},
    { signal: stop.signal },
  );
  await pass(clock, 2000);
  stop.abort(new Error('the program ends'));
  await pass(clock, 1000);
  await flight.over;
  assert.equal(kept.length, 0);
});
