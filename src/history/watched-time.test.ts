import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTally, MINUTE_MS } from './minute.ts';
import { createWatchedTime } from './watched-time.ts';

/** In which of these minutes a mirror was watched, and for how long. */
const WATCHED = [60_000, 60_000, 0, 60_000, 30_000, 60_000, 60_000, 0, 0, 10_000];
const MINUTES = WATCHED.flatMap((watchedMs, nth) =>
  watchedMs === 0 ? [] : { ...createTally('a', nth * MINUTE_MS), watchedMs },
);

/** Minute by minute; where within a minute a gap is nobody knows. */
function byHand(fromMs: number, untilMs: number): number {
  return WATCHED.reduce((sum, watchedMs, nth) => {
    const ms = Math.min((nth + 1) * MINUTE_MS, untilMs) - Math.max(nth * MINUTE_MS, fromMs);
    return sum + Math.max(0, Math.min(ms, watchedMs));
  }, 0);
}

test('whatever the order of the minutes, any time within comes to what its minutes come to', () => {
  for (const minutes of [MINUTES, MINUTES.toReversed(), [...MINUTES.slice(4), ...MINUTES.slice(0, 4)]]) {
    const watched = createWatchedTime(minutes);
    for (let fromMs = -MINUTE_MS; fromMs < 11 * MINUTE_MS; fromMs += 20_000)
      for (let untilMs = fromMs; untilMs < 12 * MINUTE_MS; untilMs += 20_000)
        assert.equal(watched.between('a', fromMs, untilMs), byHand(fromMs, untilMs), `${fromMs} ${untilMs}`);
    assert.equal(watched.between('b', 0, Infinity), 0);
  }
});

test('a minute that comes in parts is added up', () => {
  const parts = MINUTES.flatMap((minute) => [
    { ...minute, watchedMs: 0.4 * minute.watchedMs },
    { ...minute, watchedMs: 0.6 * minute.watchedMs },
  ]);
  assert.equal(createWatchedTime(parts).between('a', 0, Infinity), byHand(0, Infinity));
});
