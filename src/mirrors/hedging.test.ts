import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptedMirrors, NO_HEDGE } from '../../test/support/scripted-mirrors.ts';
import { GOOD, HANG, NOT_FOUND, runQuestion } from '../../test/support/scripted-question.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { RondoEvent } from '../events/events.ts';

const SLOW: Line = { do: 'answer', afterMs: 1200 };

function hedges(events: readonly RondoEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === 'hedge' ? [`${event.from} > ${event.to}${event.won ? ' won' : ''}`] : [],
  );
}

test('who is slow to answer gets a second one beside it; the first answer wins, nobody is charged', async () => {
  const clock = new VirtualClock();
  const { mirrors, events, upstreams } = scriptedMirrors(clock, { a: { script: SLOW }, b: { script: GOOD } });
  const { end, tookMs } = await runQuestion(clock, mirrors);
  assert.deepEqual([end, tookMs, hedges(events)], [{ mirror: 'b' }, 340, ['a > b won']]);
  assert.equal(upstreams['a']?.cancelled, 0, 'the answer is waited for, and thrown away');
  await clock.advance(1000);
  const scores = mirrors.views().map(({ score, inFlight }) => [score, inFlight]);
  assert.deepEqual(scores, [
    [1, 0],
    [1, 0],
  ]);
  await mirrors.close();
});

test('a hedge that was for nothing is told, too', async () => {
  const clock = new VirtualClock();
  const table = { a: { script: { do: 'answer', afterMs: 400 } }, b: { script: SLOW } } as const;
  const { mirrors, events } = scriptedMirrors(clock, table);
  assert.deepEqual((await runQuestion(clock, mirrors)).end, { mirror: 'a' });
  assert.deepEqual(hedges(events), ['a > b']);
});

test('one hedge a request, none into another tier, none where it is off', async () => {
  const clock = new VirtualClock();
  const three = scriptedMirrors(clock, { a: { script: HANG }, b: { script: HANG }, c: { script: GOOD } });
  const { tookMs } = await runQuestion(clock, three.mirrors);
  assert.ok(tookMs >= 3000, 'the third one at the soft limit of the second');
  assert.equal(hedges(three.events).length, 1);
  const tiers = scriptedMirrors(clock, { a: { script: SLOW }, b: { script: GOOD, tier: 1 } });
  assert.deepEqual((await runQuestion(clock, tiers.mirrors)).end, { mirror: 'a' });
  const off = scriptedMirrors(clock, { a: { script: SLOW }, b: { script: GOOD } }, NO_HEDGE);
  assert.deepEqual((await runQuestion(clock, off.mirrors)).end, { mirror: 'a' });
  assert.deepEqual([...hedges(tiers.events), ...hedges(off.events)], []);
});

test('a 404 ends the race: then everybody is asked anyway', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, {
    a: { script: SLOW },
    b: { script: NOT_FOUND },
    c: { script: GOOD },
  });
  const { end, tookMs } = await runQuestion(clock, mirrors);
  assert.deepEqual([end, tookMs], [{ mirror: 'c' }, 340]);
});

test('after twenty answers the wait is what the fastest usually takes', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams, events } = scriptedMirrors(clock, { a: { script: GOOD }, b: { script: GOOD } });
  for (let n = 0; n < 40; n += 1)
    await runQuestion(clock, mirrors, { file: { kind: 'list', module: `example.com/${n}` } });
  if (upstreams['a'] !== undefined) upstreams['a'].script = () => SLOW;
  const times: number[] = [];
  for (let n = 0; n < 20; n += 1)
    times.push(
      (await runQuestion(clock, mirrors, { file: { kind: 'list', module: `example.org/${n}` } })).tookMs,
    );
  assert.deepEqual(
    [...new Set(times)].toSorted((a, b) => a - b),
    [40, 80],
  );
  assert.ok(hedges(events).every((each) => each === 'a > b won'));
  await mirrors.close();
});

test('what hedges lost is ended when the mirrors close', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: HANG }, b: { script: GOOD } });
  await runQuestion(clock, mirrors);
  await mirrors.close();
  await clock.advance(0);
  assert.deepEqual([upstreams['a']?.cancelled, clock.pending], [1, 0]);
});
