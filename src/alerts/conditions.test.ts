import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { afterLook, NOTHING_SEEN, type Alert, type Condition, type SeenConditions } from './conditions.ts';

const DOWN: Condition = { kind: 'mirror-down', subject: 'a', message: 'a is down' };
const FULL: Condition = { kind: 'disk', subject: '/c', message: 'full' };

/** Looks once every `everyMs`; `1` is a look at which the condition holds. */
function alertsOf(
  pattern: string,
  { everyMs = 10, condition = DOWN, patience = { afterMs: 30, clearMs: 20 } } = {},
): Alert[] {
  let seen: SeenConditions = NOTHING_SEEN;
  let ids = 0;
  return pattern.split('').flatMap((sign, index) => {
    const conditions = sign === '1' ? [condition] : [];
    const step = afterLook(seen, conditions, index * everyMs, patience, () => `id${(ids += 1)}`);
    ({ seen } = step);
    return step.alerts;
  });
}

function looks(pattern: string, condition = DOWN): string[] {
  return alertsOf(pattern, { condition }).map(({ id, state, sinceMs, untilMs }) =>
    `${id} ${state} ${sinceMs} ${untilMs ?? ''}`.trim(),
  );
}

test('told once when it has held for long enough, and once when it has been gone for long enough', () => {
  assert.deepEqual(looks('1110'), []);
  assert.deepEqual(looks('1111111'), ['id1 firing 0']);
  assert.deepEqual(looks('111110111110000'), ['id1 firing 0', 'id1 resolved 0 100']);
});

test('what does not come and go by itself is told at once', () => {
  assert.deepEqual(looks('0100', FULL), ['id1 firing 10']);
  assert.deepEqual(looks('01000', FULL), ['id1 firing 10', 'id1 resolved 10 10']);
});

test('what comes back has to be gone for twice as long', () => {
  assert.deepEqual(looks('11110001111000000'), [
    'id1 firing 0',
    'id1 resolved 0 30',
    'id2 firing 70',
    'id2 resolved 70 100',
  ]);
  assert.deepEqual(looks('1111000111100011110000'), ['id1 firing 0', 'id1 resolved 0 30', 'id2 firing 70']);
});

test('a mirror that flaps for a day is told of a handful of times, with the reason', () => {
  const minute = 60_000;
  // Down for 2 min in every 10.
  const alerts = alertsOf('1100000000'.repeat(144), {
    everyMs: minute,
    patience: { afterMs: minute, clearMs: 5 * minute },
  });
  assert.deepEqual(
    alerts.map(({ state, count }) => `${state} ${count}`),
    ['firing 1', 'resolved 1', 'firing 2'],
  );
  assert.equal(alerts[2]?.message, 'a is down (2 times within a day: told as over after 10 min without it)');
});

test('after a quiet day nothing is remembered', () => {
  const patience = { afterMs: 0, clearMs: 0 };
  const hour = 3_600_000;
  const alerts = alertsOf(`10${'0'.repeat(25)}10`, { everyMs: hour, patience });
  assert.deepEqual(
    alerts.map(({ state, count }) => `${state} ${count}`),
    ['firing 1', 'resolved 1', 'firing 1', 'resolved 1'],
  );
});

test('whatever happens, firing and resolved alternate for each alert', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (signs) => {
      const told = looks(signs.map((sign) => (sign ? '1' : '0')).join(''));
      for (const [index, line] of told.entries())
        assert.match(
          line,
          new RegExp(`^id${Math.floor(index / 2) + 1} ${index % 2 === 0 ? 'firing' : 'resolved'} `),
        );
    }),
  );
});

test('what is over is told in the words in which it was told, whatever was said of it since', () => {
  const patience = { afterMs: 0, clearMs: 0 };
  const later = { ...DOWN, message: 'a is down: on trial' };
  const first = afterLook(NOTHING_SEEN, [DOWN], 0, patience, () => 'id');
  const second = afterLook(first.seen, [later], 10_000, patience, () => 'id');
  const { alerts } = afterLook(second.seen, [], 20_000, patience, () => 'id');
  assert.deepEqual(
    alerts.map(({ state, message }) => [state, message]),
    [['resolved', 'over: a is down']],
  );
});
