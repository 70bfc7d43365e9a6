import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { takeTurn, type Bucket, type RateLimit } from './leaky-bucket.ts';

/** What becomes of requests at these times: when each goes, or `x` and after how long it may come again. */
function turns(atMs: readonly number[], limit: RateLimit): string[] {
  let bucket: Bucket | undefined;
  return atMs.map((nowMs) => {
    const turn = takeTurn(bucket, nowMs, limit);
    if (turn.kind === 'refuse') return `x${turn.againMs}`;
    ({ bucket } = turn);
    return String(nowMs + turn.afterMs);
  });
}

const TABLE: readonly [string, readonly number[], RateLimit, readonly string[]][] = [
  ['the first goes at once', [0], { perS: 10, burst: 0 }, ['0']],
  [
    'without a burst the next may only come in time',
    [0, 50, 100],
    { perS: 10, burst: 0 },
    ['0', 'x50', '100'],
  ],
  ['what is ahead waits for its time', [0, 0, 0, 0], { perS: 10, burst: 3 }, ['0', '100', '200', '300']],
  ['and beyond the burst is refused', [0, 0, 0, 0], { perS: 10, burst: 2 }, ['0', '100', '200', 'x100']],
  [
    'who was silent for long has no credit but the burst',
    [0, 9000, 9000],
    { perS: 10, burst: 1 },
    ['0', '9000', '9100'],
  ],
  ['a refused one costs nothing', [0, 0, 0, 100], { perS: 10, burst: 1 }, ['0', '100', 'x100', '200']],
];

for (const [name, atMs, limit, expected] of TABLE) {
  test(`rate limit: ${name}`, () => assert.deepEqual(turns(atMs, limit), expected));
}

const LIMITS = fc.record({ perS: fc.integer({ min: 1, max: 200 }), burst: fc.integer({ min: 0, max: 50 }) });
const STEPS = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 });

test('whatever comes, those that go are in order and at least their time apart; none waits longer than the burst', () => {
  fc.assert(
    fc.property(LIMITS, STEPS, (limit, steps) => {
      let [nowMs, bucket]: [number, Bucket | undefined] = [0, undefined];
      let lastMs = -Infinity;
      for (const step of steps) {
        nowMs += step;
        const turn = takeTurn(bucket, nowMs, limit);
        if (turn.kind === 'refuse') {
          const again = takeTurn(bucket, nowMs + turn.againMs + 1e-6, limit);
          assert.ok(turn.againMs > 0 && again.kind === 'go', 'it is right about when it may come again');
          continue;
        }
        ({ bucket } = turn);
        const goesMs = nowMs + turn.afterMs;
        assert.ok(goesMs - lastMs >= 1000 / limit.perS - 1e-6, `${goesMs} after ${lastMs}`);
        assert.ok(turn.afterMs <= (limit.burst / limit.perS) * 1000 + 1e-6);
        lastMs = goesMs;
      }
    }),
  );
});
