import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseRetryAfter } from './retry-after.ts';

const WALL_MS = Date.UTC(2026, 0, 1, 12, 0, 0);
const AT_NOON = 'Thu, 01 Jan 2026 12:00:00 GMT';
const A_MINUTE_PAST = 'Thu, 01 Jan 2026 12:01:00 GMT';

const CASES: readonly (readonly [string | undefined, string | undefined, number | undefined])[] = [
  ['0', undefined, 0],
  ['30', undefined, 30_000],
  [' 30 ', undefined, 30_000],
  [A_MINUTE_PAST, undefined, 60_000],
  // The mirror's clock is an hour ahead: its own Date tells what it meant.
  ['Thu, 01 Jan 2026 13:01:00 GMT', 'Thu, 01 Jan 2026 13:00:00 GMT', 60_000],
  [A_MINUTE_PAST, 'yesterday', 60_000],
  [AT_NOON, A_MINUTE_PAST, 0],
  ['99999999999', undefined, 24 * 3600 * 1000],
  [undefined, undefined, undefined],
  ['', undefined, undefined],
  ['-1', undefined, undefined],
  ['1.5', undefined, undefined],
  ['soon', undefined, undefined],
  ['2026-01-01', undefined, undefined],
  ['Thu, 99 Jan 2026 12:00:00 GMT', undefined, undefined],
];
for (const [value, date, expected] of CASES) {
  test(`Retry-After ${JSON.stringify(value)} with Date ${JSON.stringify(date)} is ${expected} ms`, () => {
    assert.equal(parseRetryAfter(value, date, WALL_MS), expected);
  });
}

test('any header gives undefined or a bounded wait', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,30}$/)), fc.string(), (value, date) => {
      const waitMs = parseRetryAfter(value, date, WALL_MS) ?? 0;
      assert.ok(waitMs >= 0 && waitMs <= 24 * 3600 * 1000);
    }),
  );
});
