import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RACE_DEFAULTS } from '../../test/support/balance-defaults.ts';
import {
  ALSO_RIGHT,
  flightEvent,
  fly,
  KIB,
  pass,
  receive,
  RIGHT,
  type ScriptedFlight,
} from '../../test/support/scripted-flight.ts';
import type { ScriptedMirror } from '../../test/support/scripted-mirrors.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';

import { RondoError } from '../errors/rondo-error.ts';

type Answer = Extract<Line, { do: 'answer' }>;

const LENGTH = RIGHT.length;

/** A mirror that knows ranges; without a validator, so that whoever goes on does so by the length. */
const good = (more: Partial<Answer> = {}): Answer => ({
  do: 'answer',
  body: RIGHT,
  chunkBytes: 16_000,
  ranges: true,
  ...more,
});

/** Brings 48,000 bytes, and then none for so long; 10 s end it. */
const stalls = (pauseMs = 10_000, more: Partial<Answer> = {}): Answer =>
  good({ pauseAt: 48_000, pauseMs, ...more });

/** A race however little is left to go. */
const TO_THE_END = { settings: { race: { ...RACE_DEFAULTS, leftBytes: 0 } } };

const alone = (script: ScriptedMirror['script'], tier: number): ScriptedMirror => ({ script, tier });

/** How the visits ended, the race, and whose gate turned. */
function told({ events }: ScriptedFlight): string[] {
  return events.flatMap((event) => {
    if (event.type === 'visit') return [`${event.mirror} ${event.outcome.cause} ${event.bytes}`];
    if (event.type === 'race') return [`race ${event.from} ${event.to} ${event.won ? 'won' : 'lost'}`];
    return event.type === 'gate' ? [`${event.mirror} ${event.to}`] : [];
  });
}

async function land(
  world: ScriptedFlight,
  ms = 30_000,
): Promise<{ text: string; end: string; tookMs: number }> {
  const client = receive(world.flight);
  await pass(world.clock, ms, 60);
  await world.flight.over;
  const end = await client.end;
  assert.equal(world.clock.pending, 0, 'no timer is left');
  return { text: client.text, end, tookMs: flightEvent(world.events).durationMs };
}

test('a body that is silent for a second is continued by another mirror, and no byte comes twice', async () => {
  const world = fly({ a: alone(stalls(), 0), b: alone(good(), 1) });
  const { text, end, tookMs } = await land(world);
  assert.ok(text === RIGHT && end === 'complete');
  assert.ok(tookMs >= 1000 && tookMs <= 1250, `${tookMs} ms`);
  assert.deepEqual(world.rests('b'), ['48000']);
  assert.deepEqual(told(world), [
    'b ok 272000',
    // It had stalled: that is charged.
    'a body-idle 48000',
    'race a b won',
  ]);
  assert.equal(flightEvent(world.events).upstreamBytes, LENGTH);
  assert.equal(flightEvent(world.events).resumed, 0, 'nothing broke');
  assert.match(world.flight.open().tried ?? '', /^a: 200, no byte for 1\.\d s after 48000 bytes .*; b: 200 /);
});

test('a body that drips is raced though nobody knows what is usual, and not charged', async () => {
  const world = fly({ a: alone(good({ chunkBytes: 2000, paceMs: 100 }), 0), b: alone(good(), 1) });
  const { text, end, tookMs } = await land(world);
  assert.ok(text === RIGHT && end === 'complete');
  assert.ok(tookMs <= 1250, `${tookMs} ms`);
  assert.match(told(world).join('; '), /^b ok 3\d{5}; a superseded \d+; race a b won$/);
  assert.ok(flightEvent(world.events).upstreamBytes <= LENGTH + 2000);
});

test('the slow one may be first after all; the other is dropped, and not charged', async () => {
  const world = fly({
    a: alone(stalls(1500), 0),
    b: alone(good({ paceMs: 500 }), 1),
  });
  const { text, end, tookMs } = await land(world);
  assert.ok(text === RIGHT && end === 'complete');
  assert.equal(tookMs, 1500);
  assert.deepEqual(told(world), ['a ok 320000', 'b superseded 0', 'race a b lost']);
  assert.match(world.flight.open().tried ?? '', /; b: 200 .*; a: 200, whole before the other /);
});

test('a racer that has not answered yet is not waited for', async () => {
  const world = fly({ a: alone(stalls(1500), 0), b: alone({ do: 'hang' }, 1) });
  assert.equal((await land(world)).tookMs, 1500);
  assert.deepEqual(told(world), ['a ok 320000', 'b superseded 0']);
});

test('both stall: there is no second race, each ends by its own limit, and a third one continues', async () => {
  const world = fly({
    a: alone(stalls(), 0),
    b: alone(good({ pauseAt: 96_000 }), 1),
    c: alone(good(), 2),
  });
  const { text, end, tookMs } = await land(world);
  assert.ok(text === RIGHT && end === 'complete');
  assert.ok(tookMs >= 11_000 && tookMs <= 11_500, `${tookMs} ms`);
  assert.deepEqual([world.rests('b'), world.rests('c')], [['48000'], ['144000']]);
  assert.deepEqual(told(world), ['a body-idle 48000', 'b body-idle 96000', 'c ok 176000', 'race a b won']);
});

test('a racer that breaks is followed by the next, while the slow one is kept', async () => {
  const world = fly(
    {
      a: alone(stalls(5000), 0),
      b: alone(good({ breaksAfter: 96_000 }), 1),
      c: alone(good(), 2),
    },
    {},
    { resumes: 0 },
  );
  const { text, end, tookMs } = await land(world);
  assert.ok(text === RIGHT && end === 'complete');
  assert.ok(tookMs < 1500, `${tookMs} ms`);
  assert.deepEqual(world.rests('c'), ['144000']);
  assert.deepEqual(told(world), ['b reset 96000', 'c ok 176000', 'a body-idle 48000', 'race a c won']);
});

test('where nobody else has it, or can give it, the slow one goes on', async () => {
  const missing: Line = {
    do: 'other',
    outcome: { class: 'neutral', cause: 'not-found', status: 404, detail: '404' },
  };
  const broken: Line = {
    do: 'other',
    outcome: { class: 'http', cause: 'server-error', status: 500, detail: '500' },
  };
  for (const script of [missing, broken]) {
    const world = fly({ a: alone(stalls(9000), 0), b: alone(script, 1) });
    const { text, end } = await land(world);
    assert.ok(text === RIGHT && end === 'complete');
    assert.ok(told(world).includes('a ok 320000'));
  }
});

test('a lying racer is quarantined, and the file is that of the others', async () => {
  const lie = good({ body: `X${RIGHT.slice(1)}`, ranges: false });
  const world = fly({ a: alone(stalls(), 0), b: alone(lie, 1), c: alone(good(), 2) });
  const { text, end } = await land(world);
  assert.ok(text === RIGHT && end === 'complete');
  assert.ok(told(world).includes('b QUARANTINED'));
  assert.ok(told(world).every((line) => line.startsWith('b') || !line.includes('QUARANTINED')));
});

test('two that are right and differ: what is joined of both is nobody’s lie, and comes again from one', async () => {
  const world = fly({ a: alone(stalls(9000), 0), b: alone(good({ body: ALSO_RIGHT }), 1) });
  const { text, end } = await land(world);
  assert.ok(text === ALSO_RIGHT && end === 'complete');
  assert.deepEqual(world.rests('b'), ['48000', 'all']);
  assert.ok(told(world).every((line) => !line.includes('QUARANTINED')));
});

test('what clients have is not taken back by a racer with other bytes', async () => {
  const world = fly(
    {
      a: alone(good({ pauseAt: 160_000, pauseMs: 3000 }), 0),
      b: alone(good({ body: ALSO_RIGHT, ranges: false, paceMs: 1 }), 1),
    },
    {},
    TO_THE_END,
  );
  const client = receive(world.flight, 0);
  await pass(world.clock, 900);
  assert.equal(client.text.length, 160_000 - 64 * KIB);
  await pass(world.clock, 10_000);
  assert.equal(await client.end, 'complete');
  assert.ok(client.text === RIGHT);
  assert.deepEqual(told(world), ['b superseded 0', 'a ok 320000', 'race a b lost']);
});

test('… and where nobody has been given any, the racer counts', async () => {
  const world = fly(
    {
      a: alone(good({ pauseAt: 160_000, pauseMs: 9000 }), 0),
      b: alone(good({ body: ALSO_RIGHT, ranges: false }), 1),
    },
    {},
    TO_THE_END,
  );
  const { text, tookMs } = await land(world);
  assert.ok(text === ALSO_RIGHT);
  assert.ok(tookMs <= 1250, `${tookMs} ms`);
  assert.deepEqual(told(world), ['a superseded 160000', 'b ok 320000', 'race a b won']);
});

test('no race with nobody, or where it is switched off; but however little is to go of what is silent', async () => {
  const only = fly({ a: alone(stalls(3000), 0) });
  assert.equal((await land(only)).tookMs, 3000);
  const shut = fly({
    a: alone(stalls(3000), 0),
    b: alone({ do: 'other', outcome: { class: 'http', cause: 'overload', status: 503, detail: '503' } }, 1),
  });
  assert.equal((await land(shut)).tookMs, 3000);
  const nearlyDone = fly({ a: alone(stalls(3000, { pauseAt: 304_000 }), 0), b: alone(good(), 1) });
  assert.deepEqual([(await land(nearlyDone)).tookMs, nearlyDone.asked('b')], [1000, 1]);
  const settings = { race: { ...RACE_DEFAULTS, afterMs: 0 } };
  const off = fly({ a: alone(stalls(3000), 0), b: alone(good(), 1) }, {}, { settings });
  assert.deepEqual([(await land(off)).tookMs, off.asked('b')], [3000, 0]);
});

test('a stop in a race drops both', async () => {
  const stop = new AbortController();
  const { signal } = stop;
  const world = fly({ a: alone(stalls(), 0), b: alone(good({ paceMs: 500 }), 1) }, {}, { signal });
  await pass(world.clock, 2000);
  stop.abort(new Error('the program ends'));
  await pass(world.clock, 10);
  await world.flight.over;
  assert.equal(world.clock.pending, 0);
  assert.equal(flightEvent(world.events).ok, false);
});

test('a disk that fails in a race ends the flight, charges nobody, and leaves nothing', async () => {
  const world = fly({ a: alone(stalls(1500), 0), b: alone(good({ paceMs: 300 }), 1) });
  const client = receive(world.flight);
  await pass(world.clock, 1400);
  world.spool().append = () => Promise.reject(new RondoError('E_STORE', 'no space left'));
  await pass(world.clock, 1000);
  assert.equal(await client.end, 'cut: E_STORE');
  assert.deepEqual(
    told(world).map((line) => line.split(' ').slice(0, 2).join(' ')),
    ['a superseded', 'b superseded', 'race a'],
  );
  assert.equal(world.clock.pending, 0);
});

const ANSWERS = fc.record({
  body: fc.constantFrom(RIGHT, RIGHT, RIGHT, ALSO_RIGHT, `X${RIGHT.slice(1)}`, `${RIGHT} and more`),
  chunkBytes: fc.constantFrom(7000, 64 * KIB),
  paceMs: fc.constantFrom(0, 0, 200),
  pauseAt: fc.constantFrom(0, 7000, 64 * KIB, LENGTH),
  pauseMs: fc.constantFrom(500, 1500, 4000, 10_000),
  breaksAfter: fc.constantFrom(999, 120_000, LENGTH + 100, LENGTH + 100, LENGTH + 100),
  unannounced: fc.boolean(),
  ranges: fc.boolean(),
});

test('whatever stalls, breaks, differs or lies: what completes is right, there is one race, and nothing is left', async () => {
  const answers = fc.array(ANSWERS, { minLength: 2, maxLength: 3 });
  const holds = fc.constantFrom(0, 5000);
  await fc.assert(
    fc.asyncProperty(answers, holds, async (lines, holdMs) => {
      const names = ['a', 'b', 'c'];
      const scripts = lines.map((line, n) => [names[n], alone({ do: 'answer', ...line }, n)]);
      const world = fly(Object.fromEntries(scripts) as Record<string, ScriptedMirror>);
      const client = receive(world.flight, holdMs);
      await pass(world.clock, 400_000, 100);
      await world.flight.over;
      const end = await client.end;
      for (const whole of [...world.kept, ...(end === 'complete' ? [client.text] : [])]) {
        assert.ok(whole === RIGHT || whole === ALSO_RIGHT);
      }
      assert.equal(flightEvent(world.events).ok, world.kept.length === 1);
      assert.ok(end !== 'complete' || world.kept[0] === client.text);
      assert.ok(world.events.filter(({ type }) => type === 'race').length <= 1);
      assert.equal(world.clock.pending, 0, 'no timer is left');
    }),
    { numRuns: 80 },
  );
});
