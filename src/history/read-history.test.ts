import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { levelsAtOnce } from '../../test/support/levels-at-once.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { HistoryBatch } from './history-database.ts';
import { openHistoryWriter } from './history-writer.ts';
import type { Incident } from './incidents.ts';
import type { Minute } from './minute.ts';
import { readHistory } from './read-history.ts';
import { seriesOf } from './series.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const PERIOD = { sinceMs: START, untilMs: START + 24 * HOUR };

function minute(mirror: string, startMs: number, nth: number): Minute {
  return {
    mirror,
    startMs,
    watchedMs: 60_000,
    answered: nth % 7,
    failed: nth % 3,
    probesAnswered: 12,
    probesFailed: nth % 2,
    firstByte: new Map([[nth % 40, 1 + (nth % 7)]]),
    bytes: nth,
    ...(nth % 5 === 0 ? { worstLagMs: nth } : {}),
  };
}

const MINUTES = ['a', 'b'].flatMap((mirror) =>
  Array.from({ length: 24 * 60 }, (_, nth) => minute(mirror, START + nth * 60_000, nth)),
);
const DOWN: Incident = {
  mirror: 'a',
  startMs: START + HOUR,
  cause: 'connect-refused',
  why: 'nobody listens',
};

const NOW = { nowMs: PERIOD.untilMs };

async function write(path: string, batch: HistoryBatch): Promise<void> {
  const database = await openHistoryWriter(path);
  database.write(batch, { id: 'w', ...NOW });
  database.close();
}

async function kept(t: Parameters<typeof tempFolder>[0], minutes = MINUTES): Promise<string> {
  const path = join(await tempFolder(t, 'history'), 'history.sqlite');
  await write(path, { minutes, incidents: [DOWN] });
  return path;
}

test('read in slices and added up by parts, it is what all minutes at once come to', async (t) => {
  let pauses = 0;
  const pause = async (): Promise<void> => void (pauses += 1);
  const read = await readHistory(await kept(t), PERIOD, { parts: 7, ...NOW, pause });
  assert.deepEqual(read, {
    version: 1,
    period: PERIOD,
    mirrors: levelsAtOnce(MINUTES, [DOWN], PERIOD),
    incidents: [DOWN],
    incidentsLeftOut: 0,
    series: seriesOf(MINUTES, PERIOD, 7),
  });
  assert.equal(pauses, 6 + 1, 'after each 500 of 2880 minutes, and after the incidents');
});

test('however many mirrors there are, no step is longer', async (t) => {
  const names = Array.from({ length: 400 }, (_, nth) => `m${nth}`);
  const minutes = Array.from({ length: 10 }, (_, nth) =>
    names.map((mirror) => minute(mirror, START + nth * 60_000, nth)),
  ).flat();
  let pauses = 0;
  const pause = async (): Promise<void> => void (pauses += 1);
  const read = await readHistory(await kept(t, minutes), PERIOD, { parts: 7, ...NOW, pause });
  assert.equal(read.mirrors.length, 401, 'and the one that only has an incident');
  assert.ok(pauses >= minutes.length / 500 + 400 / 5 - 1, String(pauses));
  const levels = levelsAtOnce(minutes, [DOWN], PERIOD);
  assert.deepEqual([read.mirrors, read.series], [levels, seriesOf(minutes, PERIOD, 7)]);
});

test('what is not written down yet counts, and what is known of an incident by now', async (t) => {
  const period = { sinceMs: START, untilMs: START + 25 * HOUR };
  const last = minute('c', START + 24 * HOUR, 1);
  const ended = { ...DOWN, endMs: START + 2 * HOUR };
  const read = await readHistory(await kept(t), period, {
    parts: 5,
    ...NOW,
    pending: () => ({ minutes: [last, minute('d', START + 26 * HOUR, 1)], incidents: [ended] }),
  });
  assert.deepEqual(read.incidents, [ended]);
  assert.deepEqual(read.mirrors.map(({ mirror }) => mirror).toSorted(), ['a', 'b', 'c']);
  assert.equal(read.series.find(({ mirror }) => mirror === 'c')?.points.at(-1)?.answered, 13);
});

test('what is written while it is read counts once: what is left is asked for as the file is held', async (t) => {
  const path = await kept(t);
  const period = { sinceMs: START, untilMs: START + 25 * HOUR };
  let left = [minute('c', START + 24 * HOUR, 1)];
  const pause = async (): Promise<void> => {
    await write(path, { minutes: left, incidents: [] });
    left = [];
  };
  const pending = (): HistoryBatch => ({ minutes: left, incidents: [] });
  const read = await readHistory(path, period, { parts: 5, ...NOW, pause, pending });
  assert.equal(read.mirrors.find(({ mirror }) => mirror === 'c')?.watchedMs, 60_000);
});

test('where there is no file there is nothing yet', async (t) => {
  const path = join(await tempFolder(t, 'history'), 'none.sqlite');
  const read = await readHistory(path, PERIOD, { parts: 1, ...NOW });
  assert.deepEqual([read.mirrors, read.incidents, read.series], [[], [], []]);
});

/** An incident of ten seconds each minute of the day, at `a` and at `b`, as one Rondo saw it and as another one did. */
function flapping(lateMs: number): Incident[] {
  return MINUTES.map(({ mirror, startMs }) => ({
    mirror,
    startMs: startMs + lateMs,
    endMs: startMs + lateMs + 10_000,
    cause: 'reset',
    why: '',
  }));
}

test('of many incidents the newest are told, all count, and no step reads more than some hundred', async (t) => {
  const path = await kept(t);
  const database = await openHistoryWriter(path);
  const seen = [flapping(0), flapping(5000)];
  for (const [nth, incidents] of seen.entries())
    database.write({ minutes: [], incidents }, { id: `w${nth}`, ...NOW });
  database.close();
  for (const [sinceMs, counted] of [
    [PERIOD.sinceMs, 1440],
    [PERIOD.untilMs - HOUR, 60],
  ] as const) {
    let pauses = 0;
    const pause = async (): Promise<void> => void (pauses += 1);
    const period = { ...PERIOD, sinceMs };
    const { mirrors, incidents, incidentsLeftOut } = await readHistory(path, period, {
      parts: 7,
      ...NOW,
      pause,
    });
    assert.ok(pauses >= (4 * 1440) / 500, `${pauses}: also of rows that are too old`);
    // DOWN lasts since an hour after the beginning of the day.
    const b = mirrors.find(({ mirror }) => mirror === 'b');
    assert.deepEqual(
      [b?.incidents, b?.downMs, b?.longestIncidentMs, b?.uptime],
      [counted, counted * 15_000, 15_000, 0.75],
    );
    const all = await readHistory(path, period, { parts: 7, ...NOW, allIncidents: true });
    assert.equal(all.incidents.length, incidents.length + incidentsLeftOut);
    assert.deepEqual([all.incidentsLeftOut, all.mirrors], [0, mirrors]);
    assert.deepEqual(incidents, all.incidents.slice(0, 1000));
    assert.equal(incidents[0]?.startMs, PERIOD.untilMs - 60_000);
  }
});

test('an incident that ends while it is read is told as it was when the reading began', async (t) => {
  const path = await kept(t);
  let open = [DOWN];
  const pause = async (): Promise<void> => {
    await write(path, { minutes: [], incidents: open.map((each) => ({ ...each, endMs: START + 2 * HOUR })) });
    open = [];
  };
  const pending = (): HistoryBatch => ({ minutes: [], incidents: open });
  const read = await readHistory(path, PERIOD, { parts: 5, ...NOW, pause, pending });
  assert.deepEqual(read.incidents, [DOWN]);
  const after = await readHistory(path, PERIOD, { parts: 5, ...NOW, pending });
  assert.deepEqual(after.incidents, [{ ...DOWN, endMs: START + 2 * HOUR }]);
});
