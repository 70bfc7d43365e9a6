import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pick, type Candidate, type CurrentWeights } from './round-robin.ts';

test('picks smoothly: 5, 1, 1 is a a b a c a a, as nginx has it', () => {
  const currents: CurrentWeights = new Map();
  const candidates = [
    { name: 'a', weight: 5 },
    { name: 'b', weight: 1 },
    { name: 'c', weight: 1 },
  ];
  const picked = Array.from({ length: 7 }, () => pick(currents, candidates)?.name);
  assert.equal(picked.join(''), 'aabacaa');
});

test('nobody to pick', () => {
  assert.equal(pick(new Map(), []), undefined);
});

test('shares follow the weights within one pick, whatever the weights', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(weights, (list) => {
      const candidates = list.map((weight, index): Candidate => ({ name: String(index), weight }));
      const total = list.reduce((sum, weight) => sum + weight, 0);
      const counts = new Map<string, number>();
      const currents: CurrentWeights = new Map();
      for (let n = 0; n < total; n += 1) {
        const name = pick(currents, candidates)?.name ?? '';
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      for (const { name, weight } of candidates) assert.equal(counts.get(name), weight);
    }),
  );
});

test('pins: most repeats stay pinned, and shares still follow the weights', () => {
  const currents: CurrentWeights = new Map();
  const candidates = [
    { name: 'a', weight: 10 },
    { name: 'b', weight: 10 },
    { name: 'c', weight: 10 },
  ];
  const pins = new Map<number, string>();
  const counts = new Map<string, number>();
  let repeats = 0;
  let pinned = 0;
  // A small linear congruential sequence: modules of unequal popularity, the same ones at every run.
  let seed = 7;
  for (let n = 0; n < 30_000; n += 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const module = Math.floor(Math.sqrt(seed % 10_000));
    const pin = pins.get(module);
    const name = pick(currents, candidates, pin)?.name ?? '';
    if (pin !== undefined) {
      repeats += 1;
      if (pin === name) pinned += 1;
    }
    pins.set(module, name);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const { name } of candidates) {
    const share = (counts.get(name) ?? 0) / 30_000;
    assert.ok(Math.abs(share - 1 / 3) < 0.02, `${name} has ${share}`);
  }
  assert.ok(pinned / repeats > 0.8, `${pinned} of ${repeats} repeats pinned`);
});

test('a pin cannot take more than its debt: one busy module is spread after a while', () => {
  const currents: CurrentWeights = new Map();
  const candidates = [
    { name: 'a', weight: 10 },
    { name: 'b', weight: 10 },
  ];
  const names = Array.from({ length: 100 }, () => pick(currents, candidates, 'a')?.name);
  assert.equal(
    names.slice(0, 10).every((name) => name === 'a'),
    true,
  );
  assert.ok(names.filter((name) => name === 'b').length > 35);
});
