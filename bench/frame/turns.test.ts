import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeTurns, turnsOf } from './turns.ts';

test('the order rotates by one a run', () => {
  const orders = [0, 1, 2, 3].map((run) => turnsOf(['a', 'b', 'c'], run).join(''));
  assert.deepEqual(orders, ['abc', 'bca', 'cab', 'abc']);
  assert.deepEqual(turnsOf([], 4), []);
});

test('every contestant has one turn a run, and an abort ends it between two turns', async () => {
  const controller = new AbortController();
  const taken: string[] = [];
  const turn = async (name: string, run: number): Promise<void> => {
    taken.push(`${name}${run}`);
    if (taken.length === 5) controller.abort(new Error('enough'));
  };
  await takeTurns(['a', 'b'], 2, controller.signal, turn);
  assert.deepEqual(taken, ['a0', 'b0', 'b1', 'a1']);
  await assert.rejects(takeTurns(['a', 'b'], 2, controller.signal, turn), /enough/);
  assert.equal(taken.length, 5);
});
