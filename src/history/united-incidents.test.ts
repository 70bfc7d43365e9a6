import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Incident } from './incidents.ts';
import { unitedIncidents } from './united-incidents.ts';

function incident(mirror: string, startMs: number, endMs?: number): Incident {
  const begun = { mirror, startMs, cause: `cause ${startMs}`, why: '' };
  return endMs === undefined ? begun : { ...begun, endMs };
}

test('one outage that two Rondos saw is one incident: from the first who saw it to the last', () => {
  const seen = [
    incident('a', 30, 40),
    incident('a', 1, 10),
    incident('b', 5, 8),
    incident('a', 2, 20),
    incident('a', 3, 4),
  ];
  assert.deepEqual(unitedIncidents(seen), [incident('a', 30, 40), incident('b', 5, 8), incident('a', 1, 20)]);
});

test('it lasts as long as it lasts for one of them; what begins when another one ends is another one', () => {
  const seen = [
    incident('a', 10),
    incident('a', 12, 20),
    incident('a', 5, 10),
    incident('b', 1, 9),
    incident('b', 3),
  ];
  assert.deepEqual(
    unitedIncidents(seen).map(({ mirror, startMs, endMs }) => [mirror, startMs, endMs]),
    [
      ['a', 10, undefined],
      ['a', 5, 10],
      ['b', 1, undefined],
    ],
  );
});
