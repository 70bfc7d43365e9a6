import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { FORGOTTEN_AT_ONCE, openHistoryWriter } from '../../src/history/history-writer.ts';
import { createTally, type Minute } from '../../src/history/minute.ts';
import { happens } from '../support/happens.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { desk, rows } from './desk.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function minutesOf(mirrors: number, minutes: number, sinceMs: number): Minute[] {
  return Array.from({ length: mirrors * minutes }, (_, nth) =>
    createTally(`m${nth % mirrors}`, sinceMs + Math.floor(nth / mirrors) * MINUTE),
  );
}

test('so many rows are forgotten at once, the oldest first, then incidents; what lasts stays', async (t) => {
  const path = join(await tempFolder(t, 'history'), 'history.sqlite');
  const file = await openHistoryWriter(path);
  const incident = { mirror: 'm0', startMs: 0, cause: 'dns', why: '' };
  const ended = { ...incident, endMs: MINUTE };
  const lasts = { ...incident, startMs: 1 };
  const writer = { id: 'w', nowMs: 0 };
  file.write({ minutes: minutesOf(100, 25, 0), incidents: [ended, lasts] }, writer);
  const left = [];
  for (;;) {
    const more = file.forget(24 * MINUTE);
    const kept = await desk(t, path);
    const period = { sinceMs: 0, untilMs: DAY };
    const reader = await kept.read();
    left.push([(await rows(kept.read, period)).length, [...reader.incidents(period, 0, 10)].flat().length]);
    reader.close();
    if (!more) break;
  }
  file.close();
  assert.equal(FORGOTTEN_AT_ONCE, 1000);
  assert.deepEqual(left, [
    [1500, 2],
    [500, 2],
    [100, 2],
    [100, 1],
    [100, 1],
  ]);
});

test('what is old goes piece by piece, with a pause after each, and what a day without the file has left is written so', async (t) => {
  const { clock, path, startMs, recorder, mirrors, read } = await desk(t);
  const period = { sinceMs: 0, untilMs: startMs + DAY };
  const own = recorder();
  own.start();
  await happens(async () => {
    const reader = await read().catch(() => undefined);
    reader?.close();
    return reader !== undefined;
  });
  const file = await openHistoryWriter(path);
  file.write({ minutes: minutesOf(300, 10, startMs - 100 * DAY), incidents: [] }, { id: 'w', nowMs: 0 });
  await clock.advance(MINUTE - 10);
  mirrors.splice(
    0,
    3,
    ...minutesOf(1200, 1, 0).map(({ mirror }) => ({ name: mirror, status: 'HEALTHY' as const })),
  );
  const counted = async (): Promise<number> => (await rows(read, period)).length;
  const steps: number[] = [];
  for (let before = await counted(), waitMs = 10; steps.length < 6; waitMs = 50) {
    await clock.advance(waitMs);
    const now = await counted();
    steps.push(now - before);
    before = now;
  }
  file.close();
  await own.close();
  assert.deepEqual(steps, [500, 500, 200, -1000, -1000, -1000]);
});
