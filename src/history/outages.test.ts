import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Incident } from './incidents.ts';
import { createTally } from './minute.ts';
import { createOutages, type OutagesFound } from './outages.ts';
import { createWatchedTime } from './watched-time.ts';

const MINUTE = 60_000;
const PERIOD = { sinceMs: 0, untilMs: 100 * MINUTE };

function incident(mirror: string, startMs: number, endMs?: number): Incident {
  const begun = { mirror, startMs, cause: `cause ${startMs}`, why: '' };
  return endMs === undefined ? begun : { ...begun, endMs };
}

/** Of mirrors that were watched all the time. */
function found(incidents: readonly Incident[], atMost = 100): OutagesFound {
  const watched = createWatchedTime();
  for (let startMs = 0; startMs < PERIOD.untilMs; startMs += MINUTE)
    for (const mirror of ['a', 'b']) watched.add({ ...createTally(mirror, startMs), watchedMs: MINUTE });
  const outages = createOutages(PERIOD, watched, atMost);
  for (const each of incidents) outages.add(each);
  return outages.end();
}

test('one outage that two Rondos saw is one incident: from the first who saw it to the last', () => {
  const seen = [
    incident('a', 1, 10),
    incident('a', 2, 20),
    incident('a', 3, 4),
    incident('b', 5, 8),
    incident('a', 30, 40),
  ];
  const { newest, outages } = found(seen);
  assert.deepEqual(newest, [
    incident('a', 30, 40),
    incident('b', 5, 8),
    { ...incident('a', 1, 10), endMs: 20 },
  ]);
  assert.deepEqual(outages.get('a'), { mirror: 'a', incidents: 2, downMs: 29, longestMs: 19 });
});

test('it lasts as long as it lasts for one of them; what begins when another one ends is another one', () => {
  const seen = [
    incident('b', 1, 9),
    incident('b', 3),
    incident('a', 5, 10),
    incident('a', 10),
    incident('a', 12, 20),
  ];
  assert.deepEqual(
    found(seen).newest.map(({ mirror, startMs, endMs }) => [mirror, startMs, endMs]),
    [
      ['a', 10, undefined],
      ['a', 5, 10],
      ['b', 1, undefined],
    ],
  );
});

test('one that two saw for no time at all counts once', () => {
  assert.equal(found([incident('a', 5, 5), incident('a', 5, 5)]).outages.get('a')?.incidents, 1);
});

test('only the newest are told, and how many are not; all of them count', () => {
  const seen = Array.from({ length: 25 }, (_, nth) => [
    incident('a', nth * MINUTE, nth * MINUTE + 1000),
    incident('b', nth * MINUTE + 1, nth * MINUTE + 2001),
  ]).flat();
  const { newest, leftOut, outages } = found(seen, 4);
  assert.deepEqual(newest, seen.slice(-4).toReversed());
  assert.equal(leftOut, 46);
  assert.deepEqual(
    [...outages.values()].map(({ incidents, downMs, longestMs }) => [incidents, downMs, longestMs]),
    [
      [25, 25_000, 1000],
      [25, 50_000, 2000],
    ],
  );
});
