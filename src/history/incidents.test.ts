import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { NO_HEDGE, scriptedMirrors, type ScriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import { GOOD, runQuestion, UNAVAILABLE } from '../../test/support/scripted-question.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Cause, Outcome } from '../balance/outcome.ts';
import type { GateStatus, RondoEvent } from '../events/events.ts';
import { afterEvent, endOthers, NO_COURSES, type Courses, type Incident } from './incidents.ts';

function visit(mirror: string, outcome: Partial<Outcome> & { readonly cause: Cause }): RondoEvent {
  const whole = { class: 'http', detail: '', ...outcome } as const;
  return {
    type: 'visit',
    mirror,
    kind: 'mod',
    probe: false,
    revisit: false,
    outcome: whole,
    durationMs: 1,
    bytes: 0,
  };
}

const ok = (mirror: string): RondoEvent => visit(mirror, { class: 'ok', cause: 'ok' });
const probed = (mirror: string): RondoEvent => ({ ...ok(mirror), probe: true }) as RondoEvent;
const gate = (mirror: string, to: GateStatus, more: { cause?: Cause; forMs?: number } = {}): RondoEvent => ({
  type: 'gate',
  mirror,
  from: 'HEALTHY',
  to,
  why: `why ${to}`,
  ...more,
});

/** What began and ended, each event one second after the one before it. */
function run(events: readonly RondoEvent[]): {
  readonly changed: readonly Incident[];
  readonly courses: Courses;
} {
  let courses: Courses = NO_COURSES;
  const changed: Incident[] = [];
  for (const [index, event] of events.entries()) {
    const step = afterEvent(courses, event, 1000 * index);
    ({ courses } = step);
    if (step.changed !== undefined) changed.push(step.changed);
  }
  return { changed, courses };
}

test('an incident begins with the first failure of the row that shut the gate, and ends when it is well again', () => {
  const { changed } = run([
    visit('a', { cause: 'reset' }),
    ok('a'),
    visit('a', { cause: 'reset' }),
    visit('a', { cause: 'back-end-down' }),
    gate('a', 'UNHEALTHY'),
    gate('a', 'TRIAL'),
    gate('a', 'UNHEALTHY'),
    gate('a', 'TRIAL'),
    ok('a'),
    gate('a', 'HEALTHY'),
  ]);
  const began = { mirror: 'a', startMs: 2000, cause: 'back-end-down', why: 'why UNHEALTHY' };
  assert.deepEqual(changed, [began, { ...began, endMs: 9000 }]);
});

test('a mirror on trial that nobody asks is well once it has answered three probes in a row, since the first of them', () => {
  const { changed } = run([
    visit('a', { cause: 'reset' }),
    gate('a', 'UNHEALTHY'),
    probed('a'),
    gate('a', 'TRIAL'),
    probed('a'),
    probed('a'),
    visit('a', { cause: 'reset' }),
    gate('a', 'UNHEALTHY'),
    gate('a', 'TRIAL'),
    probed('a'),
    probed('a'),
    probed('a'),
    gate('a', 'HEALTHY'),
    visit('a', { cause: 'dns' }),
    gate('a', 'UNHEALTHY'),
  ]);
  assert.deepEqual(
    changed.map(({ startMs, endMs, cause }) => [startMs, endMs, cause]),
    [
      [0, undefined, 'reset'],
      [0, 9000, 'reset'],
      [13_000, undefined, 'dns'],
    ],
  );
});

test('mirrors do not mix; wrong content and a rest are incidents', () => {
  const { changed, courses } = run([
    visit('a', { class: 'rate-limited', cause: 'rate-limited' }),
    { type: 'integrity', module: 'm', version: 'v1.0.0', kind: 'zip', mirror: 'b', why: 'h1 differs' },
    gate('b', 'QUARANTINED'),
    gate('a', 'COOLING'),
  ]);
  assert.deepEqual(
    changed.map(({ mirror, startMs, cause }) => [mirror, startMs, cause]),
    [
      ['b', 1000, 'wrong-content'],
      ['a', 0, 'rate-limited'],
    ],
  );
  assert.deepEqual(
    endOthers(courses, new Set(), 9000).ended.map(({ mirror, endMs }) => [mirror, endMs]),
    [
      ['a', 9000],
      ['b', 9000],
    ],
  );
});

test('what says nothing of a mirror is no failure, and who drains it ends the incident', () => {
  const { changed, courses } = run([
    visit('a', { class: 'local', cause: 'network-down' }),
    visit('a', { class: 'neutral', cause: 'superseded' }),
    gate('a', 'DRAINED'),
    visit('a', { cause: 'dns' }),
    gate('a', 'UNHEALTHY'),
    gate('a', 'DRAINED'),
  ]);
  assert.deepEqual(
    changed.map(({ startMs, endMs }) => [startMs, endMs]),
    [
      [3000, undefined],
      [3000, 5000],
    ],
  );
  assert.deepEqual(endOthers(courses, new Set(), 9000).ended, []);
});

test('an outage of this machine is no incident of a mirror: nobody sees how it is, and what was open ends', () => {
  const fromOutage = (mirror: string, to: GateStatus): RondoEvent =>
    ({ ...gate(mirror, to), from: 'OUTAGE' }) as RondoEvent;
  const { changed, courses } = run([
    visit('a', { cause: 'reset' }),
    gate('a', 'UNHEALTHY'),
    visit('b', { cause: 'dns' }),
    gate('a', 'OUTAGE'),
    gate('b', 'OUTAGE'),
    visit('a', { cause: 'dns' }),
    visit('b', { cause: 'dns' }),
    fromOutage('b', 'HEALTHY'),
    fromOutage('a', 'UNHEALTHY'),
    visit('b', { cause: 'reset' }),
    gate('b', 'UNHEALTHY'),
  ]);
  assert.deepEqual(
    changed.map(({ mirror, startMs, endMs }) => [mirror, startMs, endMs]),
    [
      ['a', 0, undefined],
      ['a', 0, 3000],
      ['a', 8000, undefined],
      ['b', 9000, undefined],
    ],
  );
  assert.equal(courses.size, 2);
});

test('the gate tells what shut it, as the visit itself comes after it', () => {
  const { changed } = run([
    visit('a', { cause: 'reset' }),
    gate('a', 'COOLING', { cause: 'rate-limited', forMs: 10_000 }),
    visit('a', { class: 'rate-limited', cause: 'rate-limited' }),
    gate('b', 'UNHEALTHY', { cause: 'slow-header' }),
    visit('b', { cause: 'slow-header' }),
  ]);
  assert.deepEqual(
    changed.map(({ mirror, startMs, cause }) => [mirror, startMs, cause]),
    [
      ['a', 0, 'rate-limited'],
      ['b', 3000, 'slow-header'],
    ],
  );
});

test('what changes nothing gives back the same courses: nothing is made for a visit that went well', () => {
  const same = (events: readonly RondoEvent[], event: RondoEvent): void => {
    const { courses } = run(events);
    assert.equal(afterEvent(courses, event, 60_000).courses, courses);
  };
  const reset = visit('a', { cause: 'reset' });
  same([], ok('a'));
  same([ok('a')], probed('a'));
  same([reset], reset);
  same([reset, gate('a', 'UNHEALTHY')], reset);
  same([reset, gate('a', 'UNHEALTHY', { forMs: 60_000 })], probed('a'));
  same([reset, gate('a', 'UNHEALTHY', { forMs: 1000 })], ok('a'));
  same([], gate('a', 'TRIAL'));
  assert.equal(endOthers(run([reset]).courses, new Set(['a']), 60_000).ended.length, 0);
});

/** Incidents of real mirrors that are probed, each change with its second. */
function watch(clock: VirtualClock, script: Line): ScriptedMirrors & { readonly told: () => unknown[] } {
  const world = scriptedMirrors(clock, { a: { script } }, NO_HEDGE);
  let courses: Courses = NO_COURSES;
  const told: unknown[] = [];
  const startMs = clock.wallMs();
  const second = (ms: number): number => Math.floor((ms - startMs) / 1000);
  world.events.push = (...events) => {
    for (const event of events) {
      const step = afterEvent(courses, event, clock.wallMs());
      ({ courses } = step);
      const { changed } = step;
      if (changed === undefined) continue;
      const { startMs: from, endMs } = changed;
      told.push([changed.cause, second(from), ...(endMs === undefined ? [] : [second(endMs)])]);
    }
    return 0;
  };
  return { ...world, told: () => told };
}

for (const { state, script, cause, endS } of [
  { state: 'opened once', script: UNAVAILABLE, cause: 'overload', endS: 2 },
  {
    state: 'cooling',
    script: { do: 'other', outcome: OUTCOMES.rateLimited },
    cause: 'rate-limited',
    endS: 2,
  },
  {
    state: 'quarantined',
    script: { do: 'other', outcome: OUTCOMES.wrong },
    cause: 'wrong-content',
    endS: 600,
  },
] as const)
  test(`a mirror that was ${state} and that nobody asks any more is well by its probes once its time is over`, async () => {
    const clock = new VirtualClock();
    const { mirrors, upstreams, told } = watch(clock, script);
    await runQuestion(clock, mirrors, { patient: false });
    assert.deepEqual(told(), [[cause, 0]]);
    const { a } = upstreams;
    assert.ok(a);
    a.script = () => GOOD;
    mirrors.startProbes();
    await clock.advance(700_000);
    assert.deepEqual(told(), [
      [cause, 0],
      [cause, 0, endS],
    ]);
    const [view] = mirrors.views();
    assert.deepEqual([view?.status, view?.up], ['TRIAL', true], 'the same is told of now');
    await mirrors.close();
  });
