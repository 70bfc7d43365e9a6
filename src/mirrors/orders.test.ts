import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import { GOOD, runQuestion } from '../../test/support/scripted-question.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { RondoEvent } from '../events/events.ts';

function turns(events: readonly RondoEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'gate' ? [`${event.mirror} ${event.to}`] : []));
}

test('a drained mirror gets no request, is probed, and is back when its time is over', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams, events } = scriptedMirrors(clock, { a: { script: GOOD }, b: { script: GOOD } });
  mirrors.startProbes();
  assert.equal(mirrors.order('a', { drainForMs: 60_000 }), true);
  assert.equal(mirrors.order('nobody', { drainForMs: 60_000 }), false);
  for (let n = 0; n < 10; n += 1) {
    const file = { kind: 'list', module: `example.com/${n}` } as const;
    assert.deepEqual((await runQuestion(clock, mirrors, { file })).end, { mirror: 'b' });
  }
  const [view] = mirrors.views();
  assert.deepEqual([view?.status, view?.eligible, (view?.next.inMs ?? 0) > 50_000], ['DRAINED', false, true]);
  await clock.advance(60_000);
  assert.ok(upstreams['a']?.asked.every(({ path }) => path === '/probe'));
  assert.ok((upstreams['a']?.asked.length ?? 0) > 5);
  assert.equal(mirrors.views()[0]?.status, 'HEALTHY');
  assert.deepEqual(turns(events), ['a DRAINED', 'a HEALTHY']);
  await mirrors.close();
});

test('a request that waits for nobody but a drained mirror hears of it, and gets it when it is back', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { a: { script: GOOD } });
  mirrors.order('a', { drainForMs: Infinity });
  const { end } = await runQuestion(clock, mirrors);
  assert.equal('code' in end && end.code, 'E_NO_ELIGIBLE_MIRROR');
  assert.match('error' in end ? end.error.details.join() : '', /a: not asked, DRAINED/);
  mirrors.order('a', { drainForMs: 0 });
  assert.deepEqual((await runQuestion(clock, mirrors)).end, { mirror: 'a' });
});

test('a weight is in force at once, beside a drain, until it is given back', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { a: { script: GOOD }, b: { script: GOOD } });
  mirrors.order('a', { weight: 30 });
  mirrors.order('a', { drainForMs: 1000 });
  const weights = (): (number | undefined)[] => [
    mirrors.views()[0]?.baseWeight,
    mirrors.views()[0]?.configuredWeight,
  ];
  assert.deepEqual(weights(), [30, 10]);
  await clock.advance(1000);
  const counts = new Map<string, number>();
  for (let n = 0; n < 40; n += 1) {
    const { end } = await runQuestion(clock, mirrors, { file: { kind: 'list', module: `example.com/${n}` } });
    const name = 'mirror' in end ? end.mirror : end.code;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  assert.deepEqual(Object.fromEntries(counts), { a: 30, b: 10 });
  mirrors.order('a', { weight: 'configured' });
  assert.deepEqual(weights(), [10, 10]);
  await mirrors.close();
});
