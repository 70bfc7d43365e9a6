import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRetryBudget, revisitDelayMs } from './retry-budget.ts';

const SETTINGS = { budgetRatio: 0.2, budgetPerSecond: 2 };

function spendAll(budget: ReturnType<typeof createRetryBudget>, nowMs: number): number {
  let spent = 0;
  while (budget.spend(nowMs)) spent += 1;
  return spent;
}

test('a full budget is 40 revisits; then 2 a second; then 20% of requests', () => {
  const budget = createRetryBudget(() => SETTINGS, 0);
  assert.equal(spendAll(budget, 0), 40);
  assert.equal(spendAll(budget, 3000), 6);
  // One more than 50, since 0.2 has no exact binary form.
  for (let n = 0; n < 51; n += 1) budget.earn();
  assert.equal(budget.left(3000), 10);
  assert.equal(spendAll(budget, 3000), 10);
  assert.equal(budget.left(3000), 0);
});

test('the budget never grows beyond its size', () => {
  const budget = createRetryBudget(() => SETTINGS, 0);
  for (let n = 0; n < 10_000; n += 1) budget.earn();
  assert.equal(spendAll(budget, 3_600_000), 40);
});

test('other numbers count at once, for what was saved up too', () => {
  let settings = SETTINGS;
  const budget = createRetryBudget(() => settings, 0);
  settings = { budgetRatio: 0.1, budgetPerSecond: 0 };
  assert.equal(spendAll(budget, 0), 10);
  settings = SETTINGS;
  assert.equal(spendAll(budget, 1000), 2, 'no more than is earned from now on');
});

test('delays are full jitter over 100 ms, 200 ms … 2 s', () => {
  const settings = { delayMs: 100, delayMaxMs: 2000 };
  assert.deepEqual(
    [0, 1, 2, 5, 9].map((n) => revisitDelayMs(n, settings, () => 1)),
    [100, 200, 400, 2000, 2000],
  );
  assert.equal(
    revisitDelayMs(3, settings, () => 0),
    0,
  );
});
