import assert from 'node:assert/strict';
import { setImmediate as nextRound } from 'node:timers/promises';
import { test } from 'node:test';
import { runAtOnce } from './at-once.ts';

test('all items, at most so many at once, taken only when there is room', async () => {
  let taken = 0;
  let inside = 0;
  let most = 0;
  const done: number[] = [];
  const items = function* (): Generator<number> {
    for (; taken < 20; taken += 1) {
      assert.ok(taken - done.length <= 3, 'no item is taken ahead');
      yield taken;
    }
  };
  await runAtOnce(items(), 3, async (item) => {
    inside += 1;
    most = Math.max(most, inside);
    await nextRound();
    inside -= 1;
    done.push(item);
  });
  assert.equal(most, 3);
  assert.deepEqual(
    done.toSorted((a, b) => a - b),
    Array.from({ length: 20 }, (_, index) => index),
  );
});

test('the first failure ends it, when what was under way has ended', async () => {
  const ended: number[] = [];
  const run = runAtOnce([1, 2, 3, 4, 5, 6], 2, async (item) => {
    if (item === 2) throw new Error('two');
    await nextRound();
    ended.push(item);
  });
  await assert.rejects(run, /two/);
  assert.ok(ended.length <= 2 && ended.includes(1), ended.join(' '));
  const before = ended.length;
  await nextRound();
  assert.equal(ended.length, before, 'nothing goes on');
});

test('an abort takes no further item and waits for those under way', async () => {
  const stop = new AbortController();
  const ended: number[] = [];
  const run = runAtOnce(
    [1, 2, 3, 4],
    1,
    async (item) => {
      if (item === 2) stop.abort(new Error('stopped'));
      await nextRound();
      ended.push(item);
    },
    stop.signal,
  );
  await assert.rejects(run, /stopped/);
  assert.deepEqual(ended, [1, 2]);
});
