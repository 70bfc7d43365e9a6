import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { MIRRORS_DEFAULTS } from '../../test/support/scripted-mirrors.ts';
import { scriptedUpstream } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { RondoEvent } from '../events/events.ts';
import type { Outcome } from '../balance/outcome.ts';
import { newMirror, type Mirror } from './mirror.ts';
import { createRoster, type Roster } from './roster.ts';

const SETTINGS = MIRRORS_DEFAULTS;
const timedOut: Outcome = { class: 'http', cause: 'header-timeout', detail: 'no answer' };

type World = {
  roster: Roster;
  mirrors: Mirror[];
  clock: VirtualClock;
  events: RondoEvent[];
  busy: (is: boolean) => void;
  /** Only these are in use from now on. */
  keep: (kept: readonly Mirror[]) => void;
};

function world(matches: readonly string[] = ['*', '*']): World {
  const clock = new VirtualClock();
  const upstream = scriptedUpstream(clock, () => ({ do: 'answer' }));
  const mirrors = matches.map((match, index) =>
    newMirror(
      {
        endpoint: { name: 'abc'[index] ?? '', url: new URL('http://a.test') },
        weight: 10,
        tier: 0,
        match,
        probePath: '/p',
      },
      upstream,
      { clock, settings: SETTINGS },
    ),
  );
  const events: RondoEvent[] = [];
  let late = false;
  const emit = (event: RondoEvent): void => void events.push(event);
  let fleet = { mirrors, settings: SETTINGS };
  const roster = createRoster(() => fleet, { clock, random: () => 0.5, emit, lagging: () => late });
  const keep = (kept: readonly Mirror[]): void => {
    fleet = { ...fleet, mirrors: [...kept] };
    roster.replaced(new Set(kept.map(({ name }) => name)));
  };
  return { roster, mirrors, clock, events, busy: (is) => (late = is), keep };
}

function at(mirrors: readonly Mirror[], index: number): Mirror {
  return mirrors[index] ?? assert.fail('no such mirror');
}

test('while this process is late nobody is charged for a time-out or a reset, but for what was said', () => {
  const { roster, mirrors, busy } = world();
  const a = at(mirrors, 0);
  busy(true);
  for (let n = 0; n < 5; n += 1) {
    roster.observe(a, timedOut, 'traffic');
    roster.observe(a, OUTCOMES.reset, 'probe');
  }
  assert.equal(roster.standing(a).score, 1);
  roster.observe(a, OUTCOMES.unavailable, 'traffic');
  assert.equal(roster.standing(a).score, 0.7);
  busy(false);
  roster.observe(a, timedOut, 'traffic');
  assert.equal(roster.standing(a).score, 0.4);
});

test('a time-out of a late process gives a trial back', async () => {
  const { roster, mirrors, clock, busy } = world();
  const a = at(mirrors, 0);
  for (let n = 0; n < 3; n += 1) roster.observe(a, timedOut, 'traffic');
  await clock.advance(2000);
  assert.equal(roster.begin(a, false, 2000), true);
  assert.equal(roster.standing(a).eligible, false);
  busy(true);
  roster.observe(a, timedOut, 'trial', { begunMs: 2000 });
  assert.deepEqual([roster.standing(a).status, roster.standing(a).trial], ['TRIAL', true]);
});

test('the last eligible mirror of its route is not left alone for failing now and then', () => {
  const mixed = [OUTCOMES.ok, OUTCOMES.reset, OUTCOMES.ok, OUTCOMES.reset, OUTCOMES.ok, OUTCOMES.reset];
  for (const [matches, inPool, status] of [
    [['*', '*'], 2, 'UNHEALTHY'],
    [['*', '*'], 1, 'HEALTHY'],
    [['*'], 1, 'HEALTHY'],
    // Both serve every public module, however it is written.
    [['*', '*,corp.example'], 2, 'UNHEALTHY'],
    [['*,corp.example', '*'], 2, 'UNHEALTHY'],
    [['corp.example', '*'], 2, 'UNHEALTHY'],
    [['corp.example', '*'], 1, 'HEALTHY'],
    // Public modules have nobody else.
    [['*', 'corp.example'], 2, 'HEALTHY'],
  ] as const) {
    const { roster, mirrors } = world(matches);
    const pool = mirrors.slice(0, inPool);
    for (const outcome of mixed) roster.observe(at(mirrors, 0), outcome, 'traffic', { pool });
    assert.equal(roster.standing(at(mirrors, 0)).status, status, `${matches.join(' ')}, ${inPool} of them`);
  }
});

test('who breaks bodies and is to go on is left alone only where another mirror of its route may be asked', () => {
  for (const [inPool, shut, status] of [
    [1, false, 'HEALTHY'],
    [2, false, 'UNHEALTHY'],
    [2, true, 'HEALTHY'],
  ] as const) {
    const { roster, mirrors } = world(['*', '*', '*']);
    const pool = mirrors.slice(0, inPool);
    if (shut) roster.observe(at(mirrors, 1), OUTCOMES.wrong, 'traffic');
    for (let n = 0; n < 5; n += 1)
      roster.observe(at(mirrors, 0), OUTCOMES.reset, 'traffic', { pool, goesOn: true });
    assert.equal(roster.standing(at(mirrors, 0)).status, status, `${inPool} in its pool`);
  }
});

test('a mirror that is gone has its health for those who still ask it, and nobody is told', async () => {
  const { roster, mirrors, clock, events, keep } = world();
  const [a, b] = [at(mirrors, 0), at(mirrors, 1)];
  roster.observe(b, OUTCOMES.local, 'traffic');
  keep([a]);
  const turned: string[] = [];
  roster.onTurn((mirror) => turned.push(mirror.name));
  for (let n = 0; n < 3; n += 1) roster.observe(b, OUTCOMES.unavailable, 'traffic');
  assert.equal(roster.standing(b).status, 'UNHEALTHY');
  await clock.advance(2000);
  assert.equal(roster.begin(b, false, 2000), true);
  roster.observe(b, OUTCOMES.ok, 'trial');
  assert.equal(roster.standing(b).status, 'HEALTHY');
  assert.deepEqual(turned, ['b', 'b', 'b']);
  assert.deepEqual(events, []);
  roster.observe(b, OUTCOMES.local, 'traffic');
  assert.equal(roster.outage(), undefined);
  roster.observe(a, OUTCOMES.local, 'traffic');
  assert.equal(roster.outage()?.sinceMs, clock.now(), 'all that are left are in trouble');
});

test('orders: a drained mirror is out until its time is over, and every turn is told', async () => {
  const { roster, mirrors, clock, events } = world();
  const a = at(mirrors, 0);
  const turned: string[] = [];
  const stop = roster.onTurn((mirror) => turned.push(mirror.name));
  roster.order(a, { drainedUntilMs: 5000 });
  assert.deepEqual(
    [roster.standing(a).eligible, roster.standing(a).status, roster.words(a).next.atMs],
    [false, 'DRAINED', 5000],
  );
  roster.order(a, {});
  assert.equal(roster.standing(a).eligible, true);
  stop();
  roster.order(a, { drainedUntilMs: Infinity });
  assert.deepEqual([roster.words(a).next.atMs, roster.standing(a).untilMs], [undefined, undefined]);
  assert.deepEqual(turned, ['a', 'a']);
  const told = events.flatMap((event) =>
    event.type === 'gate' ? [`${event.from} ${event.to} ${event.forMs}`] : [],
  );
  assert.deepEqual(told, ['HEALTHY DRAINED 5000', 'DRAINED HEALTHY undefined', 'HEALTHY DRAINED undefined']);
  await clock.advance(10_000);
  assert.equal(roster.standing(a).status, 'DRAINED');
});
