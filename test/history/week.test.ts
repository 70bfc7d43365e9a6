import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { HistoryReader } from '../../src/history/history-reader.ts';
import type { Period } from '../../src/history/period.ts';
import type { ServiceLevel } from '../../src/history/service-levels.ts';
import { ALL, desk, incidentsAt, rows, type Desk } from './desk.ts';
import { happens } from '../support/happens.ts';
import { levelsAtOnce } from '../support/levels-at-once.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A week of three mirrors, a probe every ten minutes each; `b` is down twice, `c` lags on one day. */
async function scriptedWeek({ clock, startMs, mirrors, visit, gate }: Desk): Promise<void> {
  const down = [
    { fromMs: DAY + 10 * HOUR, untilMs: DAY + 12 * HOUR + 30 * MINUTE, cause: 'back-end-down' },
    { fromMs: 4 * DAY - 10 * MINUTE, untilMs: 4 * DAY + 10 * MINUTE, cause: 'certificate' },
  ] as const;
  for (let atMs = 0; atMs < 7 * DAY; atMs += 10 * MINUTE) {
    assert.equal(clock.wallMs(), startMs + atMs);
    const cause = down.find(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs)?.cause;
    const began = down.some(({ fromMs }) => fromMs === atMs);
    const ended = down.some(({ untilMs }) => untilMs === atMs);
    visit('a', 'ok', 20);
    visit('a', 'ok', atMs % HOUR === 0 ? 400 : 20, false);
    visit('b', cause ?? 'ok', cause === undefined ? 30 : undefined);
    if (began) gate('b', 'UNHEALTHY');
    if (ended) gate('b', 'HEALTHY');
    visit('c', 'ok', 50);
    const lags = 5 * DAY <= atMs && atMs < 6 * DAY;
    mirrors[2] = { name: 'c', status: 'HEALTHY', syncLagMs: lags ? (atMs - 5 * DAY) / 2 : 0 };
    await clock.advance(10 * MINUTE);
  }
}

test('a scripted week gives the figures worked out by hand', async (t) => {
  const { recorder, startMs, told, read, ...rest } = await desk(t);
  const own = recorder();
  own.start();
  await scriptedWeek({ recorder, startMs, told, read, ...rest });
  await own.close();
  assert.deepEqual(told, []);
  const database = await read();
  const period: Period = { sinceMs: startMs, untilMs: startMs + 7 * DAY };
  const levels = levelsIn(database, period);
  // 7 days are 604800 s and 1008 steps of ten minutes. b is down for 2.5 h and 20 min: 10200 s, 17 of its probes.
  const common = { watchedMs: 604_800_000, failed: 0, probes: 1008, probesFailed: 0 };
  const well = { uptime: 1, downMs: 0, incidents: 0, longestIncidentMs: 0 };
  const down = {
    uptime: 1 - 10_200 / 604_800,
    downMs: 10_200_000,
    incidents: 2,
    longestIncidentMs: 9_000_000,
  };
  assert.deepEqual(levels.map(withoutTimes), [
    { mirror: 'c', ...common, ...well, answered: 0, bytes: 10_080, worstLagMs: (DAY - 10 * MINUTE) / 2 },
    { mirror: 'a', ...common, ...well, answered: 1008, bytes: 20_160 },
    { mirror: 'b', ...common, ...down, answered: 0, probesFailed: 17, bytes: 10_080 },
  ]);
  // One of twelve answers of a takes 400 ms: p95 is among them, p50 is not.
  const right = { a: [20, 400], b: [30, 30], c: [50, 50] } as const;
  for (const [mirror, [p50, p95]] of Object.entries(right)) {
    const { p50Ms = 0, p95Ms = 0 } = levels.find((level) => level.mirror === mirror) ?? {};
    assert.ok(Math.abs(p50Ms - p50) <= p50 * 0.02 && Math.abs(p95Ms - p95) <= p95 * 0.02, mirror);
  }
  const incident = { mirror: 'b', why: 'now UNHEALTHY' };
  const [first, second] = [startMs + DAY + 10 * HOUR, startMs + 4 * DAY - 10 * MINUTE];
  assert.deepEqual(
    [...database.incidents(period, period.untilMs, 1)],
    [
      [{ ...incident, cause: 'back-end-down', startMs: first, endMs: first + 2.5 * HOUR }],
      [{ ...incident, cause: 'certificate', startMs: second, endMs: second + 20 * MINUTE }],
      [],
    ],
  );
  // A period that cuts an incident in two.
  const cut: Period = { sinceMs: first + 2 * HOUR, untilMs: first + 4 * HOUR };
  const [, , half] = levelsIn(database, cut);
  assert.deepEqual([half?.mirror, half?.downMs, half?.uptime], ['b', 1_800_000, 0.75]);
  database.close();
});

function levelsIn(database: HistoryReader, period: Period): ServiceLevel[] {
  const minutes = database.minutes(period, ALL);
  const incidents = [...database.incidents(period, period.untilMs, ALL)].flat();
  return levelsAtOnce(minutes, incidents, period);
}

function withoutTimes({
  p50Ms: _p50,
  p95Ms: _p95,
  ...rest
}: ServiceLevel): Omit<ServiceLevel, 'p50Ms' | 'p95Ms'> {
  return rest;
}

test('an incident is written down as it begins and as it ends, and not with the minute', async (t) => {
  const { clock, startMs, recorder, visit, gate, read } = await desk(t);
  const own = recorder();
  own.start();
  const period = { sinceMs: startMs, untilMs: startMs + DAY };
  const written = async (): Promise<[startMs: number, endMs: number | undefined][]> =>
    (await incidentsAt(read, clock.wallMs(), period).catch(() => [])).map((each) => [
      each.startMs,
      each.endMs,
    ]);
  await clock.advance(10 * SECOND);
  visit('a', 'reset');
  gate('a', 'UNHEALTHY');
  await happens(async () => (await written()).length === 1);
  assert.deepEqual(await written(), [[startMs + 10 * SECOND, undefined]]);
  await clock.advance(10 * SECOND);
  gate('a', 'HEALTHY');
  await happens(async () => (await written())[0]?.[1] !== undefined);
  assert.deepEqual(await written(), [[startMs + 10 * SECOND, startMs + 20 * SECOND]]);
  await own.close();
});

test('a night asleep in an outage counts neither as up nor as down, nor does the time since a Rondo was killed', async (t) => {
  const { clock, startMs, recorder, visit, gate, read } = await desk(t);
  const own = recorder();
  own.start();
  await clock.advance(2 * HOUR);
  await clock.advance(30 * SECOND);
  visit('a', 'dns');
  for (const mirror of ['a', 'b', 'c']) gate(mirror, 'OUTAGE');
  visit('a', 'dns');
  await clock.advance(5 * MINUTE);
  clock.wallJump(8 * HOUR);
  await clock.advance(5 * MINUTE);
  visit('b', 'dns');
  for (const mirror of ['a', 'b', 'c']) gate(mirror, 'HEALTHY');
  visit('a', 'ok', 5);
  await clock.advance(HOUR - 30 * SECOND);
  visit('b', 'reset');
  gate('b', 'UNHEALTHY');
  await clock.advance(10 * MINUTE);
  const period = { sinceMs: startMs, untilMs: startMs + DAY };
  await happens(async () => (await rows(read, period)).length >= 3 * 190);
  // It is killed, and nothing ends what is open.
  const database = await read();
  const levels = levelsIn(database, period).filter(({ mirror }) => mirror !== 'c');
  assert.deepEqual(
    levels.map(({ mirror, watchedMs, downMs, incidents, probes, probesFailed }) => [
      mirror,
      watchedMs,
      downMs,
      incidents,
      probes,
      probesFailed,
    ]),
    [
      ['a', 190 * MINUTE, 0, 0, 2, 1],
      ['b', 190 * MINUTE, 10 * MINUTE, 1, 1, 1],
    ],
  );
  database.close();
});

test('what waits to be written is pending, and incidents of one mirror at the same time count once', async (t) => {
  const { clock, startMs, path, recorder, visit, read } = await desk(t);
  const own = recorder();
  own.start();
  await clock.advance(MINUTE);
  const period = { sinceMs: startMs, untilMs: startMs + HOUR };
  await happens(async () => (await rows(read, period)).length === 3);
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  visit('a', 'ok', 5);
  await clock.advance(2 * MINUTE);
  const { minutes } = own.pending();
  assert.equal(
    minutes.reduce((sum, { probesAnswered }) => sum + probesAnswered, 0),
    1,
  );
  other.exec('ROLLBACK');
  other.close();
  await clock.advance(MINUTE);
  await happens(async () => (await rows(read, period)).length === 12);
  await own.close();
  const kept = await rows(read, period);
  const down = [0, MINUTE / 2].map((atMs) => ({
    mirror: 'a',
    startMs: startMs + atMs,
    endMs: startMs + atMs + MINUTE,
    cause: 'dns',
    why: '',
  }));
  const level = levelsAtOnce(kept, down, period).find(({ mirror }) => mirror === 'a');
  assert.deepEqual([level?.watchedMs, level?.downMs, level?.incidents], [4 * MINUTE, 1.5 * MINUTE, 1]);
});

test('the first seconds of a start are written down, not the whole first minute later', async (t) => {
  const { clock, startMs, recorder, visit, read } = await desk(t);
  const own = recorder();
  own.start();
  visit('a', 'ok', 5);
  await clock.advance(5 * SECOND);
  const period = { sinceMs: startMs, untilMs: startMs + HOUR };
  await happens(async () => (await rows(read, period)).length === 3);
  const [minute] = await rows(read, period);
  assert.deepEqual([minute?.probesAnswered, minute?.watchedMs], [1, 5 * SECOND]);
  await clock.advance(MINUTE);
  await own.close();
  const [whole] = await rows(read, period);
  assert.deepEqual([whole?.probesAnswered, whole?.watchedMs], [1, MINUTE]);
});

test('what is open at a mirror that another configuration has left out ends with it', async (t) => {
  const { clock, startMs, recorder, visit, gate, mirrors, reloaded, read } = await desk(t);
  const own = recorder();
  own.start();
  await clock.advance(30 * SECOND);
  visit('a', 'dns');
  gate('a', 'UNHEALTHY');
  await clock.advance(3 * MINUTE);
  mirrors.shift();
  reloaded();
  await clock.advance(HOUR);
  await own.close();
  const period = { sinceMs: startMs, untilMs: startMs + DAY };
  const [incident] = await incidentsAt(read, clock.wallMs(), period);
  assert.equal(incident?.endMs, startMs + 3.5 * MINUTE);
});

test('a file that is no history is put aside, people are told once, and it goes on', async (t) => {
  const { clock, path, recorder, visit, told, read, startMs } = await desk(t);
  const first = recorder();
  first.start();
  await first.close();
  for (const suffix of ['', '-wal', '-shm']) await writeFile(`${path}${suffix}`, 'x'.repeat(5000));
  const second = recorder();
  second.start();
  visit('a', 'ok', 5);
  await clock.advance(MINUTE);
  await second.close();
  assert.equal(told.length, 1);
  assert.match(
    told[0] ?? '',
    /^the history of the mirrors is of no use .* a new one begins, the old one is /,
  );
  assert.ok((await readdir(join(path, '..'))).includes('history.sqlite.damaged'));
  const kept = await rows(read, { sinceMs: startMs, untilMs: startMs + DAY });
  assert.equal(kept.find(({ mirror }) => mirror === 'a')?.probesAnswered, 1);
});

test('while another process writes for long nothing is lost, and nothing older than 90 days stays', async (t) => {
  const { clock, path, recorder, visit, told, read, startMs } = await desk(t);
  const period = { sinceMs: 0, untilMs: startMs + 200 * DAY };
  const counted = async (): Promise<number> =>
    (await rows(read, period))
      .filter(({ mirror }) => mirror === 'a')
      .reduce((sum, each) => sum + each.probesAnswered, 0);
  const own = recorder();
  own.start();
  visit('a', 'ok', 5);
  await clock.advance(MINUTE);
  await happens(async () => (await counted()) === 1);
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  visit('a', 'ok', 5);
  await clock.advance(MINUTE + 5 * SECOND);
  assert.equal(await counted(), 1);
  other.exec('ROLLBACK');
  other.close();
  await clock.advance(MINUTE);
  await happens(async () => (await counted()) === 2);
  assert.equal(told.length, 1, 'once, however often it was tried');
  assert.match(told[0] ?? '', /^the history of the mirrors cannot be written \(database is locked\)/);
  clock.wallJump(91 * DAY);
  await clock.advance(HOUR + MINUTE);
  await own.close();
  assert.equal(await counted(), 0);
});
