import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { scriptedUpstream, type Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { measure, type Measurement } from './measure.ts';
import { parseSyncTime } from './sync-time.ts';

const GOOD: Line = { do: 'answer', afterMs: 40 };
const BUSY: Line = { do: 'other', outcome: OUTCOMES.unavailable };
const ABSENT: Line = { do: 'other', outcome: OUTCOMES.notFound };

async function measured(
  probes: readonly Line[],
  sync: Line = ABSENT,
): Promise<Measurement & { tookMs: number; paths: string[] }> {
  const clock = new VirtualClock();
  const upstream = scriptedUpstream(clock, ({ path }, nth) =>
    path === '/probe' ? (probes[nth - 1] ?? GOOD) : sync,
  );
  let end: Measurement | undefined;
  let endMs = 0;
  void measure(upstream, '/probe', { clock, probeMs: 4500, wholeMs: 5000 }).then((value) => {
    end = value;
    endMs = clock.now();
  });
  const startMs = clock.now();
  for (let n = 0; n < 100 && end === undefined; n += 1) await clock.advance(n === 0 ? 0 : 100);
  assert.ok(end !== undefined, 'it never ended');
  return { ...end, tookMs: endMs - startMs, paths: upstream.asked.map(({ path }) => path) };
}

test('a mirror that works is asked three times, then when it synchronised', async () => {
  const body = JSON.stringify({ last_synced_at: 1000, other: 'words' });
  const good = await measured([{ ...GOOD, afterMs: 90 }, GOOD, GOOD], { do: 'answer', body });
  assert.deepEqual(good.paths, ['/probe', '/probe', '/probe', '/.well-known/go-proxy-sync']);
  assert.deepEqual(
    [good.grade, good.asked, good.failures, good.syncedAtMs, good.trouble],
    ['works', 3, 0, 1_000_000, undefined],
  );
});

test('a failure between is told, and does not hide that it works', async () => {
  const shaky = await measured([GOOD, BUSY, GOOD]);
  assert.deepEqual([shaky.grade, shaky.failures, shaky.trouble?.status], ['works', 1, 503]);
  assert.equal(shaky.syncedAtMs, undefined);
});

test('404, 403 and 429 count as reached, 503 as failed', async () => {
  const absent = await measured([ABSENT, ABSENT, ABSENT]);
  assert.deepEqual([absent.grade, absent.failures], ['reached', 0]);
  const busy = await measured([BUSY, BUSY, BUSY]);
  assert.deepEqual([busy.grade, busy.asked, busy.paths.length], ['failed', 3, 3]);
  assert.equal(busy.explanation.words, 'the mirror is overloaded or being maintained');
  const loop: Line = { do: 'other', outcome: { ...OUTCOMES.notFound, cause: 'loop', status: 508 } };
  assert.equal((await measured([loop, loop, loop])).grade, 'failed', 'Rondo itself');
});

test('who does not answer is asked once; all of it takes five seconds at the most', async () => {
  const hanging = await measured([{ do: 'hang' }]);
  assert.deepEqual([hanging.asked, hanging.outcome.cause, hanging.tookMs], [1, 'header-timeout', 4500]);
  const reset = await measured([{ do: 'other', outcome: OUTCOMES.reset }]);
  assert.deepEqual([reset.asked, reset.paths.length], [1, 1]);
  const slow: Line = { do: 'answer', afterMs: 2000 };
  const late = await measured([slow, slow, slow]);
  assert.deepEqual([late.grade, late.asked, late.failures, late.tookMs], ['works', 3, 1, 5000]);
  assert.equal(late.trouble?.detail, 'no answer within 5 s');
  const silent = await measured([GOOD, GOOD, GOOD], { do: 'hang' });
  assert.deepEqual([silent.grade, silent.failures, silent.tookMs <= 5100], ['works', 0, true]);
});

test('a sync file is the word of a stranger', () => {
  const now = 10_000_000;
  for (const [text, expected] of [
    ['{"last_synced_at": 9000}', 9_000_000],
    ['{"last_synced_at": 10200.5}', 10_200_500],
    ['{"last_synced_at": 10301}', undefined],
    ['{"last_synced_at": 1e999}', undefined],
    ['{"last_synced_at": -1}', undefined],
    ['{"last_synced_at": "9000"}', undefined],
    ['{"__proto__": {"last_synced_at": 9000}}', undefined],
    ['[]', undefined],
    ['<html>', undefined],
    ['', undefined],
  ] as const) {
    assert.equal(parseSyncTime(text, now), expected, text);
  }
});
