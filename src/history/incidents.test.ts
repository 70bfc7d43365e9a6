import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cause, Outcome } from '../balance/outcome.ts';
import type { GateStatus, RondoEvent } from '../events/events.ts';
import { afterEvent, endAll, NO_COURSES, type Courses, type Incident } from './incidents.ts';

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
const gate = (mirror: string, to: GateStatus): RondoEvent => ({
  type: 'gate',
  mirror,
  from: 'HEALTHY',
  to,
  why: `why ${to}`,
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
    ok('a'),
    gate('a', 'TRIAL'),
    ok('a'),
    ok('a'),
    visit('a', { cause: 'reset' }),
    gate('a', 'UNHEALTHY'),
    gate('a', 'TRIAL'),
    ok('a'),
    ok('a'),
    ok('a'),
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

test('mirrors do not mix; wrong content, a rest and an outage are incidents', () => {
  const { changed, courses } = run([
    visit('a', { class: 'rate-limited', cause: 'rate-limited' }),
    { type: 'integrity', module: 'm', version: 'v1.0.0', kind: 'zip', mirror: 'b', why: 'h1 differs' },
    gate('b', 'QUARANTINED'),
    gate('a', 'COOLING'),
    gate('c', 'OUTAGE'),
  ]);
  assert.deepEqual(
    changed.map(({ mirror, startMs, cause }) => [mirror, startMs, cause]),
    [
      ['b', 1000, 'wrong-content'],
      ['a', 0, 'rate-limited'],
      ['c', 4000, 'unknown'],
    ],
  );
  assert.deepEqual(
    endAll(courses, 9000).map(({ mirror, endMs }) => [mirror, endMs]),
    [
      ['a', 9000],
      ['b', 9000],
      ['c', 9000],
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
  assert.deepEqual(endAll(courses, 9000), []);
});
