import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { MIRRORS_DEFAULTS } from '../../test/support/scripted-mirrors.ts';
import { scriptedUpstream } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Outcome } from '../balance/outcome.ts';
import { learnFirstByte } from './learn.ts';
import { newMirror } from './mirror.ts';

const settings = MIRRORS_DEFAULTS;
const failed: Outcome = { class: 'http', cause: 'server-error', status: 500, detail: '500' };

/** What a mirror seems to take after these ends of visits, in milliseconds. */
function usualAfter(ends: readonly (readonly [Outcome, number])[]): number | undefined {
  const clock = new VirtualClock();
  const spec = { weight: 10, tier: 0, match: '*', probePath: '/probe' };
  const endpoint = { name: 'a', url: new URL('http://a.test') };
  const upstream = scriptedUpstream(clock, () => ({ do: 'hang' }));
  const mirror = newMirror({ ...spec, endpoint }, upstream, { clock, settings });
  for (const [outcome, ms] of ends) learnFirstByte(mirror, 'small', { outcome, ms }, { nowMs: 0, settings });
  return mirror.pace.latency.small?.value;
}

test('a failure that takes longer than an answer is a sample of speed, a quick one is none', () => {
  const answers = [40, 40, 40, 40].map((ms) => [OUTCOMES.ok, ms] as const);
  assert.equal(usualAfter(answers), 40);
  assert.equal(usualAfter([...answers, [failed, 5]]), 40, 'errors often come fast');
  assert.ok((usualAfter([...answers, [failed, 2900]]) ?? 0) > 400);
  assert.equal(usualAfter([...answers, [OUTCOMES.local, 2900]]), 40, 'not its doing');
  assert.equal(usualAfter([...answers, [OUTCOMES.clientGone, 2900]]), 40);
  assert.equal(usualAfter([[failed, 2900]]), undefined, 'late is what comes after an answer would');
});
