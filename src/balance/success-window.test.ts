import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countVisit, successOf, type Slice } from './success-window.ts';

const windowMs = 30_000;

test('the share of the last 30 s, and of nothing older', () => {
  let slices: readonly Slice[] = [];
  for (const [failed, atMs] of [
    [true, 0],
    [false, 1000],
    [false, 20_000],
    [true, 29_000],
  ] as const)
    slices = countVisit(slices, failed, atMs, windowMs);
  assert.deepEqual(successOf(slices, 29_000, windowMs), { visits: 4, share: 0.5 });
  assert.deepEqual(successOf(slices, 31_000, windowMs), { visits: 2, share: 0.5 });
  assert.deepEqual(successOf(slices, 90_000, windowMs), { visits: 0, share: 1 });
});

test('it holds seven slices at the most, and counts what is surely within the window', () => {
  const visit = fc.record({ failed: fc.boolean(), afterMs: fc.nat(4000) });
  fc.assert(
    fc.property(fc.array(visit, { maxLength: 200 }), (visits) => {
      let slices: readonly Slice[] = [];
      let nowMs = 0;
      const times: number[] = [];
      for (const { failed, afterMs } of visits) {
        nowMs += afterMs;
        times.push(nowMs);
        slices = countVisit(slices, failed, nowMs, windowMs);
        assert.ok(slices.length <= 7);
      }
      const { visits: counted, share } = successOf(slices, nowMs, windowMs);
      const surely = times.filter((atMs) => nowMs - atMs < windowMs - windowMs / 6).length;
      const perhaps = times.filter((atMs) => nowMs - atMs < windowMs).length;
      assert.ok(counted >= surely && counted <= perhaps, `${surely} <= ${counted} <= ${perhaps}`);
      assert.ok(share >= 0 && share <= 1);
    }),
  );
});
