import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { happens } from '../support/happens.ts';
import { desk, incidentsAt, rows, type Desk } from './desk.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Two Rondos over one copy, each with a clock of its own: one that stands still is killed. */
async function two(t: TestContext): Promise<{ readonly first: Desk; readonly second: Desk }> {
  const first = await desk(t);
  return { first, second: await desk(t, first.path) };
}

function fail({ visit, gate }: Desk, mirror: string): void {
  visit(mirror, 'dns');
  gate(mirror, 'UNHEALTHY');
}

/** Beginnings and ends in seconds, the newest first, as they look at that second. */
async function seen({ read, startMs }: Desk, atMs: number): Promise<(number | undefined)[][]> {
  const period = { sinceMs: startMs, untilMs: startMs + 24 * HOUR };
  const incidents = await incidentsAt(read, startMs + atMs, period);
  const second = (ms: number | undefined): number | undefined => ms && (ms - startMs) / SECOND;
  return incidents.map(({ startMs: from, endMs }) => [second(from), second(endMs)]);
}

function lastSign({ path }: Desk): unknown {
  const file = new DatabaseSync(path, { readOnly: true });
  const row = file.prepare('SELECT max(seen) AS seen FROM writer').get();
  file.close();
  return row?.['seen'];
}

/** Lets this Rondo's time go on, until what it had to write is written. */
async function goesOn(one: Desk, ms: number): Promise<void> {
  await one.clock.advance(ms);
  await happens(async () => {
    // It may be about to be made.
    const reader = await one.read().catch(() => undefined);
    reader?.close();
    return reader !== undefined && lastSign(one) === one.clock.wallMs();
  });
}

test('a Rondo that starts over the copy of another ends nothing that the other has open, nor does its end', async (t) => {
  const { first, second } = await two(t);
  first.recorder().start();
  await first.clock.advance(30 * SECOND);
  fail(first, 'a');
  await goesOn(first, 30 * SECOND);
  await second.clock.advance(MINUTE);
  const other = second.recorder();
  other.start();
  await goesOn(second, MINUTE);
  assert.deepEqual(await seen(first, 2 * MINUTE), [[30, undefined]]);
  await goesOn(first, MINUTE);
  fail(second, 'b');
  await other.close();
  assert.deepEqual(await seen(first, 2 * MINUTE), [
    [120, 120],
    [30, undefined],
  ]);
});

test('what one that was killed has left open ends at its last sign of life, for who reads and for who writes', async (t) => {
  const { first, second } = await two(t);
  first.recorder().start();
  await first.clock.advance(30 * SECOND);
  fail(first, 'a');
  await goesOn(first, 3.5 * MINUTE);
  // It is killed. No server runs.
  assert.deepEqual(await seen(first, 7 * MINUTE), [[30, undefined]]);
  assert.deepEqual(await seen(first, 7 * MINUTE + SECOND), [[30, 240]]);
  second.clock.wallJump(6 * MINUTE);
  const next = second.recorder();
  next.start();
  fail(second, 'a');
  await goesOn(second, MINUTE);
  assert.deepEqual(await seen(first, 7 * MINUTE), [
    [360, undefined],
    [30, undefined],
  ]);
  await goesOn(second, MINUTE);
  await next.close();
  // Long afterwards, and whatever the clock says.
  for (const atMs of [8 * MINUTE, 20 * HOUR, 0])
    assert.deepEqual(await seen(first, atMs), [
      [360, 480],
      [30, 240],
    ]);
});

test('one that slept, and was taken for gone, has its incident open again', async (t) => {
  const { first, second } = await two(t);
  const own = first.recorder();
  own.start();
  await first.clock.advance(30 * SECOND);
  fail(first, 'a');
  await goesOn(first, 30 * SECOND);
  second.clock.wallJump(HOUR);
  const other = second.recorder();
  other.start();
  await goesOn(second, MINUTE);
  assert.deepEqual(await seen(first, HOUR), [[30, 60]]);
  first.clock.wallJump(HOUR);
  await goesOn(first, MINUTE);
  assert.deepEqual(await seen(first, HOUR + 2 * MINUTE), [[30, undefined]]);
  await own.close();
  await other.close();
  assert.deepEqual(await seen(first, 2 * HOUR), [[30, 3720]]);
});

test('who ends takes its sign of life away, and both count in one minute', async (t) => {
  const { first, second } = await two(t);
  const both = [first, second].map((one) => one.recorder());
  for (const one of both) one.start();
  for (const one of [first, second]) {
    one.visit('a', 'ok', 5);
    await one.clock.advance(MINUTE);
  }
  for (const one of both) await one.close();
  const [minute] = await rows(first.read, { sinceMs: first.startMs, untilMs: first.startMs + MINUTE });
  assert.deepEqual([minute?.mirror, minute?.probesAnswered, minute?.watchedMs], ['a', 2, MINUTE]);
  const file = new DatabaseSync(first.path, { readOnly: true });
  assert.deepEqual(file.prepare('SELECT * FROM writer').all(), []);
  file.close();
});
