import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { MIRRORS_DEFAULTS as settings } from '../../test/support/scripted-mirrors.ts';
import { FILE } from '../../test/support/scripted-question.ts';
import { scriptedUpstream } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { newMirror, type Mirror } from './mirror.ts';
import { createRoster, type Roster } from './roster.ts';
import { verdictError } from './verdict-error.ts';

const LIMITED = { ...OUTCOMES.rateLimited, retryAfterMs: 20_000 };

test('when to come again while no mirror may be asked', async () => {
  const table: [string, (roster: Roster, only: Mirror) => void, number][] = [
    ['it cools', (roster, only) => roster.observe(only, LIMITED, 'traffic'), 15_000],
    ['it is away for long', (roster, only) => roster.observe(only, OUTCOMES.wrong, 'traffic'), 30_000],
    ['it is in a trial', (roster, only) => void roster.begin(only, true, 0), 1000],
    ['nobody is reached from here', (roster, only) => roster.observe(only, OUTCOMES.local, 'traffic'), 1000],
    ['it is drained', (roster, only) => roster.order(only, { drainedUntilMs: Infinity }), 30_000],
  ];
  for (const [name, happen, retryAfterMs] of table) {
    const clock = new VirtualClock();
    const upstream = scriptedUpstream(clock, () => ({ do: 'hang' }));
    const endpoint = { name: 'a', url: new URL('http://a.test') };
    const spec = { endpoint, weight: 10, tier: 0, match: '*', probePath: '/p' };
    const only = newMirror(spec, upstream, { clock, settings });
    const told = { clock, random: () => 0.5, emit: () => undefined, lagging: () => false };
    const roster = createRoster(() => ({ mirrors: [only], settings }), told);
    happen(roster, only);
    await clock.advance(5000);
    const pool = { mirrors: [only], unanimous: false };
    const error = verdictError('nobody', { file: FILE, pool, roster, reports: [], nowMs: clock.now() });
    assert.deepEqual([error.code, error.retryAfterMs], ['E_NO_ELIGIBLE_MIRROR', retryAfterMs], name);
  }
});
