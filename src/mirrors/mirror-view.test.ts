import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { scriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import { GOOD, runQuestion, UNAVAILABLE } from '../../test/support/scripted-question.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';

const WEEK_MS = 7 * 24 * 3600 * 1000;

/** A mirror that has been well for a week, and what `/-/api/mirrors` says of how and since when it stands. */
async function wellForAWeek(script: Line) {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { a: { script } });
  await clock.advance(WEEK_MS);
  const standing = () => {
    const [view] = mirrors.views();
    return [view?.status, view?.forMs];
  };
  assert.deepEqual(standing(), ['HEALTHY', WEEK_MS]);
  return { clock, mirrors, standing };
}

test('it has been drained since somebody said so, and well again since that was over', async () => {
  const { clock, mirrors, standing } = await wellForAWeek(GOOD);
  mirrors.order('a', { drainForMs: 60_000 });
  await clock.advance(10_000);
  assert.deepEqual(standing(), ['DRAINED', 10_000]);
  mirrors.order('a', { weight: 20 });
  assert.deepEqual(standing(), ['DRAINED', 10_000]);
  await clock.advance(55_000);
  assert.deepEqual(standing(), ['HEALTHY', 5000]);
});

test('in an outage all mirrors are in it since it began', async () => {
  const { clock, mirrors, standing } = await wellForAWeek({ do: 'other', outcome: OUTCOMES.local });
  await runQuestion(clock, mirrors);
  await clock.advance(10_000);
  assert.deepEqual(standing(), ['OUTAGE', clock.now() - WEEK_MS]);
});

test('a trial is due since the end of the open time', async () => {
  const { clock, mirrors, standing } = await wellForAWeek(UNAVAILABLE);
  await runQuestion(clock, mirrors);
  const [view] = mirrors.views();
  assert.equal(view?.status, 'UNHEALTHY');
  await clock.advance((view?.next.inMs ?? 0) + 3000);
  assert.deepEqual(standing(), ['TRIAL', 3000]);
});
