import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rowOf } from '../../test/faults/rows/rows.ts';
import { SOAK_ROWS, soakPlan, type PlanSettings } from './soak-plan.ts';

const LONG: PlanSettings = {
  durationMs: 600_000,
  faultMs: 8000,
  pauseMs: 2000,
  quarantineMs: 5000,
  recoveryMs: 0,
  rows: SOAK_ROWS,
  seed: 1,
};

test('in ten minutes every row has its turn, at each mirror some', () => {
  const plan = soakPlan(LONG);
  assert.deepEqual(
    SOAK_ROWS.filter(({ name }) => !plan.some(({ row }) => row === name)),
    [],
  );
  const counts = [0, 1, 2].map((mirror) => plan.filter(({ bad }) => bad === mirror).length);
  assert.ok(Math.min(...counts) >= 8, counts.join(', '));
  assert.ok(plan.some(({ second }) => second !== undefined));
});

test('the same seed gives the same plan, another one another', () => {
  assert.deepEqual(soakPlan(LONG), soakPlan(LONG));
  assert.notDeepEqual(soakPlan(LONG), soakPlan({ ...LONG, seed: 2 }));
});

test('spells follow each other within the time, and one mirror is always good and may be asked', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 500, max: 20_000 }), (seed, faultMs) => {
      const settings = { ...LONG, seed, faultMs };
      const shut = [0, 0, 0];
      let lastMs = 0;
      for (const { fromMs, toMs, row, bad, second } of soakPlan(settings)) {
        assert.ok(fromMs >= lastMs + settings.pauseMs && toMs <= settings.durationMs);
        lastMs = toMs;
        assert.notEqual(second?.mirror, bad);
        const good = [0, 1, 2].filter((mirror) => mirror !== bad && mirror !== second?.mirror);
        assert.ok(good.some((mirror) => (shut[mirror] ?? 0) <= fromMs));
        // The shortest that Rondo leaves it alone.
        if (rowOf(row).rondo?.states?.includes('QUARANTINED') === true)
          shut[bad] = toMs + settings.quarantineMs;
        if (rowOf(row).rondo?.states?.includes('COOLING') === true) shut[bad] = toMs + 5000;
      }
    }),
    { numRuns: 200 },
  );
});

test('a liar that is heard twice within its spell is left alone for the longer of its quarantines', () => {
  // Two quarantines begin within eight seconds, of 5 s and of 10; the next spell begins between their ends.
  const settings = { ...LONG, pauseMs: 6000, rows: [rowOf('corrupt-first')] };
  for (let seed = 0; seed < 100; seed += 1) {
    const [liar, next] = soakPlan({ ...settings, seed });
    assert.ok(liar !== undefined && next !== undefined && next.fromMs < liar.toMs + 10_000);
    const isGood = (mirror: number): boolean => mirror !== next.bad && mirror !== next.second?.mirror;
    assert.ok(
      [0, 1, 2].some((mirror) => mirror !== liar.bad && isGood(mirror)),
      `seed ${seed}`,
    );
  }
});

test('where mirrors are relied on late, those that were bad lately are not the good ones', () => {
  const settings = { ...LONG, recoveryMs: LONG.durationMs };
  for (let seed = 0; seed < 50; seed += 1) {
    const bad = soakPlan({ ...settings, seed }).flatMap((spell) => [spell.bad, spell.second?.mirror]);
    assert.equal(new Set(bad.filter((mirror) => mirror !== undefined)).size, 2);
  }
});

test('the last two minutes have the faults of the second and the third, and a short soak repeats nothing', () => {
  const faultsWithin = (durationMs: number, fromMs: number): unknown[] =>
    soakPlan({ ...LONG, durationMs })
      .filter((spell) => spell.fromMs >= fromMs && spell.fromMs < fromMs + 120_000)
      .map(({ row, second }) => [row, second?.fault])
      .slice(0, 11);
  assert.equal(faultsWithin(600_000, 60_000).length, 11);
  assert.deepEqual(faultsWithin(600_000, 480_000), faultsWithin(600_000, 60_000));
  assert.notDeepEqual(faultsWithin(240_000, 120_000), faultsWithin(240_000, 60_000));
});

test('they have them at the same mirrors, wherever the good one of then may be relied on again', () => {
  const settings = { ...LONG, rows: [rowOf('503')], seed: 7 };
  const rolesWithin = (fromMs: number): unknown[] =>
    soakPlan(settings)
      .filter((spell) => spell.fromMs >= fromMs && spell.fromMs < fromMs + 120_000)
      .map(({ bad, second }) => [bad, second?.mirror])
      .slice(0, 11);
  assert.deepEqual(rolesWithin(480_000), rolesWithin(60_000), 'nobody is ever away');
  assert.notDeepEqual(rolesWithin(300_000), rolesWithin(60_000));
});

test('turns are those of the row in the time of a spell, and nobody is to wait for minutes', () => {
  const [flapping] = soakPlan({ ...LONG, faultMs: 1500, rows: [rowOf('flapping')] });
  assert.deepEqual(
    flapping?.turns.map(({ atMs }) => atMs),
    [0, 500, 1000],
  );
  const [limited] = soakPlan({ ...LONG, rows: [rowOf('429-retry-after')] });
  assert.deepEqual(limited?.turns, [
    {
      atMs: 0,
      mirrors: 'bad',
      change: { fault: { kind: 'status', status: 429, retryAfter: '5' } },
    },
  ]);
});
