import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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
import { BALANCE_DEFAULTS } from '../../test/support/balance-defaults.ts';
import type { ScriptedMirror } from '../../test/support/scripted-mirrors.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import type { Outcome } from '../balance/outcome.ts';

type Answer = Extract<Line, { do: 'answer' }>;

const LENGTH = RIGHT.length;
const STALLED: Outcome = { class: 'http', cause: 'body-idle', detail: 'no byte for 10 s' };

/** A mirror that knows ranges and has a strong validator. */
const good = (more: Partial<Answer> = {}): Answer => ({
  do: 'answer',
  body: RIGHT,
  chunkBytes: 16_000,
  validator: '"right"',
  ranges: true,
  ...more,
});

/** Each of its answers is the next of `lines`, and the last one for ever. */
const inTurn = (...lines: readonly Answer[]): ScriptedMirror => ({
  script: (_, nth) => lines[Math.min(nth, lines.length) - 1] ?? { do: 'hang' },
});

/** How the visits ended, as `a reset`, and whose gate turned. */
function told({ events }: ScriptedFlight): string[] {
  return events.flatMap((event) => {
    if (event.type === 'visit') return [`${event.mirror} ${event.outcome.cause}`];
    return event.type === 'gate' ? [`${event.mirror} ${event.to}`] : [];
  });
}

async function land(world: ScriptedFlight): Promise<{ text: string; end: string; upstreamBytes: number }> {
  const client = receive(world.flight);
  await pass(world.clock, 40_000, 80);
  return {
    text: client.text,
    end: await client.end,
    upstreamBytes: flightEvent(world.events).upstreamBytes,
  };
}

test('a mirror that breaks off is asked for the rest while it goes on, and no byte comes twice', async () => {
  const world = fly({ a: inTurn(good({ breaksAfter: 120_000 })), b: { script: good(), tier: 1 } });
  const { text, end, upstreamBytes } = await land(world);
  assert.ok(text === RIGHT && end === 'complete');
  assert.deepEqual(world.rests('a'), ['all', '120000!', '240000!']);
  assert.deepEqual([world.asked('b'), upstreamBytes, flightEvent(world.events).resumed], [0, LENGTH, 2]);
  assert.deepEqual(told(world), ['a reset', 'a reset', 'a ok'], 'each break is charged');
});

test('one that breaks again and again is left, and the next one continues: still no byte twice', async () => {
  const world = fly({ a: inTurn(good({ breaksAfter: 16_000 })), b: { script: good(), tier: 1 } });
  const { text, end, upstreamBytes } = await land(world);
  assert.ok(text === RIGHT && end === 'complete');
  assert.deepEqual([world.rests('a'), world.rests('b')], [['all', '16000!', '32000!'], ['48000']]);
  assert.equal(upstreamBytes, LENGTH);
  assert.deepEqual(told(world), ['a reset', 'a reset', 'a UNHEALTHY', 'a reset', 'b ok']);
});

test('so often and no more, whatever its gate says', async () => {
  const world = fly({ a: inTurn(good({ breaksAfter: 16_000 })), b: { script: good() } }, {}, { resumes: 1 });
  await land(world);
  assert.deepEqual([world.rests('a'), world.rests('b')], [['all', '16000!'], ['32000']]);
});

test('the only mirror is not shut over what it is asked to go on with, and is shut when it does not', async () => {
  const alone = fly({ a: inTurn(good({ breaksAfter: 90_000 })) });
  assert.equal((await land(alone)).end, 'complete');
  assert.deepEqual(told(alone), ['a reset', 'a reset', 'a reset', 'a ok']);
  const hopeless = fly({ a: inTurn(good({ breaksAfter: 16_000 })) });
  assert.equal((await land(hopeless)).end, 'cut: E_NO_MIRROR');
  assert.deepEqual(told(hopeless), ['a reset', 'a reset', 'a reset', 'a UNHEALTHY', 'a reset']);
});

test('where the only one that may be asked breaks off for ever, others get the time to come back', async () => {
  // Each time half of the rest: there is always something new, until there is next to nothing.
  const halves = Array.from({ length: 20 }, (_, n) =>
    good({ breaksAfter: Math.floor(LENGTH / 2 ** (n + 1)) }),
  );
  const balance = { ...BALANCE_DEFAULTS, failuresToOpen: 100, failuresToOpenMax: 100 };
  const world = fly({ a: inTurn(...halves), b: { script: good(), tier: 1 } }, {}, { settings: { balance } });
  world.order('b', { drainForMs: 3000 });
  const { text, end } = await land(world);
  assert.ok(text === RIGHT && end === 'complete');
  assert.equal(world.asked('b'), 1);
});

test('one that breaks off without another byte is left at once', async () => {
  const world = fly({
    a: inTurn(good({ breaksAfter: 120_000 }), good({ breaksAfter: 0 })),
    b: { script: good() },
  });
  assert.equal((await land(world)).end, 'complete');
  assert.deepEqual([world.rests('a'), world.rests('b')], [['all', '120000!'], ['120000']]);
});

test('one that stalls is not asked first again', async () => {
  const stalls = good({ breaksAfter: 120_000, breaksBy: STALLED });
  const world = fly({ a: inTurn(stalls), b: { script: good() } });
  assert.equal((await land(world)).upstreamBytes, LENGTH);
  assert.deepEqual([world.rests('a'), world.rests('b')], [['all'], ['120000']]);
});

test('without a validator the rest is asked for by its length', async () => {
  const { validator: _, ...unvouched } = good({ breaksAfter: 120_000 });
  const world = fly({ a: inTurn(unvouched), b: { script: good(), tier: 1 } });
  assert.equal((await land(world)).upstreamBytes, LENGTH);
  assert.deepEqual([world.rests('a'), world.rests('b')], [['all', '120000', '240000'], []]);
});

test('a mirror that has never said that it sends parts is asked first only where it is alone', async () => {
  const mute = inTurn(good({ breaksAfter: 120_000, ranges: false }), good({ ranges: false }));
  const beside = fly({ a: mute, b: { script: good(), tier: 1 } });
  assert.equal((await land(beside)).upstreamBytes, LENGTH);
  assert.deepEqual([beside.rests('a'), beside.rests('b')], [['all'], ['120000']]);
  const alone = fly({ a: mute });
  assert.equal((await land(alone)).end, 'complete');
  assert.deepEqual(alone.rests('a'), ['all', '120000!']);
});

test('a mirror whose file has changed, or that knows no ranges, sends all of it: compared, not written twice', async () => {
  for (const second of [good({ validator: '"new"' }), good({ ranges: false })]) {
    const world = fly({ a: inTurn(good({ breaksAfter: 120_000 }), second) });
    const { text, end, upstreamBytes } = await land(world);
    assert.ok(text === RIGHT && end === 'complete');
    assert.deepEqual([world.rests('a'), upstreamBytes], [['all', '120000!'], 120_000 + LENGTH]);
  }
});

test('a mirror whose file has another length is asked for all of it, and not charged', async () => {
  const longer = good({ body: `${RIGHT} and more`, breaksAfter: 120_000 });
  const world = fly({ a: { script: longer }, b: { script: good(), tier: 1 } }, {}, { resumes: 0 });
  const { text, end } = await land(world);
  assert.ok(text === RIGHT && end === 'complete');
  assert.deepEqual(world.rests('b'), ['120000', 'all']);
  assert.deepEqual(told(world), ['a reset', 'b ok']);
});

test("a join that is wrong is nobody's lie: the whole file of one mirror, and the client knows nothing", async () => {
  const world = fly(
    { a: { script: good({ breaksAfter: 120_000 }) }, b: { script: good({ body: ALSO_RIGHT }), tier: 1 } },
    {},
    { resumes: 0 },
  );
  const { text, end } = await land(world);
  assert.ok(text === ALSO_RIGHT && end === 'complete');
  assert.deepEqual(world.rests('b'), ['120000', 'all']);
  assert.deepEqual(told(world), ['a reset', 'b superseded', 'b ok']);
});

test('a liar that is continued by an honest mirror does not drag it into quarantine', async () => {
  const lie = `X${RIGHT.slice(1)}`;
  const world = fly(
    { a: { script: good({ body: lie, breaksAfter: 120_000 }) }, b: { script: good(), tier: 1 } },
    {},
    { resumes: 0 },
  );
  const { text, end } = await land(world);
  assert.ok(text === RIGHT && end === 'complete');
  assert.equal(
    told(world).some((line) => line.includes('QUARANTINED')),
    false,
  );
});

test('a liar that continues its own lie is quarantined: it vouched for all of it', async () => {
  const lie = good({ body: `X${RIGHT.slice(1)}` });
  const world = fly({ a: inTurn({ ...lie, breaksAfter: 120_000 }, lie), b: { script: good(), tier: 1 } });
  const { text, end } = await land(world);
  assert.ok(text === RIGHT && end === 'complete');
  assert.ok(told(world).includes('a QUARANTINED'));
});

test('a liar that stops where an honest mirror had stopped does not have it vouch for the lie', async () => {
  const lie = good({ body: 'X'.repeat(LENGTH), breaksAfter: 120_000, validator: '"lie"' });
  const world = fly({
    a: inTurn(good({ breaksAfter: 120_000, breaksBy: STALLED }), good()),
    b: inTurn({ ...lie, ranges: false }),
  });
  const { text, end } = await land(world);
  assert.ok(text === RIGHT && end === 'complete');
  assert.ok(world.asked('b') > 0);
  assert.deepEqual(
    told(world).filter((line) => line.startsWith('a ')),
    ['a body-idle', 'a superseded', 'a ok'],
    'what was joined is given up, and nobody is charged for it',
  );
});

test('other kinds of file begin at the beginning: they are small, and nothing would prove a join', async () => {
  const file = { kind: 'mod', module: 'example.com/m', version: 'v1.0.0' } as const;
  const world = fly({ a: inTurn(good({ breaksAfter: 120_000 })), b: { script: good(), tier: 1 } }, { file });
  assert.equal((await land(world)).end, 'complete');
  assert.deepEqual([world.rests('a'), world.rests('b')], [['all'], ['all']]);
});

const ANSWERS = fc.record({
  body: fc.constantFrom(RIGHT, RIGHT, ALSO_RIGHT, `X${RIGHT.slice(1)}`, `${RIGHT} and more`),
  chunkBytes: fc.constantFrom(7000, 64 * KIB),
  paceMs: fc.constantFrom(0, 1000),
  breaksAfter: fc.constantFrom(0, 1, 999, 1001, 120_000, 319_999, LENGTH + 100, LENGTH + 100),
  breaksBy: fc.constantFrom(STALLED, { ...STALLED, cause: 'reset' } as const),
  unannounced: fc.boolean(),
  ranges: fc.boolean(),
  vouches: fc.boolean(),
});

test('whatever breaks, differs or lies: what completes is right, and a client has nothing else', async () => {
  const someLines = fc.array(ANSWERS, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(someLines, someLines, async (ofA, ofB) => {
      const scripts = [ofA, ofB].map((each) =>
        inTurn(...each.map(({ vouches, ...line }) => withValidator({ do: 'answer', ...line }, vouches))),
      );
      const world = fly({ a: scripts[0] ?? inTurn(), b: scripts[1] ?? inTurn() });
      const client = receive(world.flight, 0);
      await pass(world.clock, 400_000, 100);
      await world.flight.over;
      const end = await client.end;
      for (const whole of [...world.kept, ...(end === 'complete' ? [client.text] : [])]) {
        assert.ok(whole === RIGHT || whole === ALSO_RIGHT);
      }
      assert.equal(flightEvent(world.events).ok, world.kept.length === 1);
      for (const [name, lines] of [
        ['a', ofA],
        ['b', ofB],
      ] as const) {
        const honest = lines.every(({ body }) => body === RIGHT || body === ALSO_RIGHT);
        assert.ok(
          !honest || !told(world).includes(`${name} QUARANTINED`),
          `${name} only ever sent right files`,
        );
      }
      assert.ok(end !== 'complete' || world.kept[0] === client.text);
    }),
    { numRuns: 60 },
  );
});

/** A validator says which file it is. */
function withValidator(line: Answer, vouches: boolean): Answer {
  return vouches
    ? {
        ...line,
        validator: `"${line.body?.length}${String(line.body).slice(0, 1)}${String(line.body).at(1000)}"`,
      }
    : line;
}
