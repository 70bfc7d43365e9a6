import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cut, fewSlots, fullSlots, grown, hasFree, refitted, type Slots } from './slots.ts';

const SETTINGS = { min: 4, max: 32 };

test('one slot more for as many answers as there are slots, half of them after a congestion', () => {
  let slots = fewSlots(SETTINGS);
  assert.deepEqual([hasFree(slots, 3), hasFree(slots, 4)], [true, false]);
  for (let n = 0; n < 5; n += 1) slots = grown(slots, SETTINGS);
  assert.equal(hasFree(slots, 4), true, 'five answers make it five');
  for (let n = 0; n < 600; n += 1) slots = grown(slots, SETTINGS);
  assert.equal(slots.limit, 32);
  slots = cut(slots, 0, SETTINGS);
  assert.equal(slots.limit, 16);
  assert.equal(cut(slots, 999, SETTINGS).limit, 16, 'the same congestion');
  assert.equal(cut(slots, 1000, SETTINGS).limit, 8);
});

test('other bounds: within them at once, and all of them for a mirror that had all', () => {
  const table = [
    [32, { min: 4, max: 64 }, 64],
    [16, { min: 4, max: 64 }, 16],
    [16, { min: 1, max: 8 }, 8],
    [4, { min: 10, max: 20 }, 10],
  ] as const;
  for (const [limit, after, expected] of table)
    assert.deepEqual(refitted({ limit, cutMs: 7 }, SETTINGS, after), { limit: expected, cutMs: 7 });
});

test('it stays between its bounds whatever happens', () => {
  const step = fc.constantFrom('grow', 'cut', 'wait');
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.boolean(), (steps, isNew) => {
      let slots: Slots = isNew ? fullSlots(SETTINGS) : fewSlots(SETTINGS);
      let nowMs = 0;
      for (const each of steps) {
        if (each === 'grow') slots = grown(slots, SETTINGS);
        else if (each === 'cut') slots = cut(slots, nowMs, SETTINGS);
        else nowMs += 700;
        assert.ok(slots.limit >= 4 && slots.limit <= 32);
      }
    }),
  );
});
