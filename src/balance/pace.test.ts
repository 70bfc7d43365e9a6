import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FILE_CLASSES, type FileClass } from './file-class.ts';
import {
  afterBody,
  afterFirstByte,
  afterPart,
  latencyFactors,
  NO_PACE,
  usualBytesPerS,
  usualMs,
  type Pace,
  type Paced,
  type PaceSettings,
} from './pace.ts';

const SETTINGS: PaceSettings = { tauMs: 10_000, tolerance: 1.5, floor: 0.01 };
const AT = { nowMs: 0, tauMs: SETTINGS.tauMs };
const MIB = 1024 * 1024;

function paceOf(times: { readonly [C in FileClass]?: number }): Pace {
  let pace = NO_PACE;
  for (const fileClass of FILE_CLASSES) {
    const ms = times[fileClass];
    if (ms !== undefined) pace = afterFirstByte(pace, fileClass, ms, AT);
  }
  return pace;
}

function factors(mirrors: readonly (Pace | Paced)[], fileClass: FileClass = 'small', nowMs = 0): number[] {
  const paced = mirrors.map((each) => ('pace' in each ? each : { pace: each, unansweredMs: 0 }));
  return latencyFactors(paced, fileClass, nowMs, SETTINGS).map((factor) => Math.round(factor * 1000) / 1000);
}

test('the factor: half as slow again costs nothing, then it falls with the time, down to a hundredth', () => {
  const small = (...times: number[]): Pace[] => times.map((ms) => paceOf({ small: ms }));
  assert.deepEqual(factors(small(40, 60, 80, 1200, 60_000)), [1, 1, 0.75, 0.05, 0.01]);
  assert.deepEqual(factors(small(1, 4, 8)), [1, 1, 0.938], 'a few milliseconds are noise');
  assert.deepEqual(factors([NO_PACE, NO_PACE]), [1, 1]);
});

test('an attempt without an answer counts by its age, as soon as anybody is known for the class', () => {
  const waiting = (pace: Pace, unansweredMs: number): Paced => ({ pace, unansweredMs });
  const good = paceOf({ small: 40 });
  assert.deepEqual(factors([good, waiting(good, 50), waiting(good, 600)]), [1, 1, 0.1]);
  assert.deepEqual(factors([good, waiting(NO_PACE, 600)]), [1, 0.1]);
  assert.deepEqual(factors([NO_PACE, waiting(NO_PACE, 600)]), [1, 1], 'nobody knows what is slow');
});

test('each class is judged by itself; who is not known for it, by the worst that is known of it', () => {
  const a = paceOf({ small: 40, mutable: 100, zip: 50 });
  const b = paceOf({ small: 40, mutable: 1000 });
  assert.deepEqual(factors([a, b], 'small'), [1, 1]);
  assert.deepEqual(factors([a, b], 'mutable'), [1, 0.15]);
  assert.deepEqual(factors([a, b], 'zip'), [1, 0.15]);
  assert.deepEqual(factors([a, NO_PACE], 'zip'), [1, 1]);
});

test('a zip takes its first MiB too: a throttled mirror loses its weight for zips alone', () => {
  const fast = afterBody(paceOf({ zip: 40, small: 40 }), { bytes: 4 * MIB, waitedMs: 400 }, AT);
  const throttled = afterBody(paceOf({ zip: 40, small: 40 }), { bytes: 20_000, waitedMs: 1000 }, AT);
  assert.equal(usualMs(fast, 'zip', 0, SETTINGS.tauMs), 140);
  assert.deepEqual(factors([fast, throttled], 'zip'), [1, 0.01]);
  assert.deepEqual(factors([fast, throttled], 'small'), [1, 1]);
  assert.equal(Math.round(usualBytesPerS(throttled, 0, SETTINGS.tauMs) ?? 0), 20_000);
});

test('what is waited for a small file counts, before its first byte or after it, however the waiting is cut up', () => {
  const at = { ...AT, nowMs: 900, answeredAtMs: 0 };
  const after = (
    fileClass: FileClass,
    ...parts: { bytes: number; waitedMs: number }[]
  ): number | undefined => {
    let pace = paceOf({ [fileClass]: 10 });
    for (const part of parts) pace = afterPart(pace, fileClass, part, at);
    return usualMs(pace, fileClass, 900, SETTINGS.tauMs);
  };
  for (const fileClass of FILE_CLASSES) {
    assert.equal(after(fileClass, { bytes: 1000, waitedMs: 900 }), 910, fileClass);
    const drops = Array.from({ length: 9 }, () => ({ bytes: 100, waitedMs: 100 }));
    assert.equal(Math.round(after(fileClass, ...drops) ?? 0), 910, fileClass);
  }
  assert.equal(
    after('mutable', { bytes: 200_000, waitedMs: 900 }),
    910,
    'no list is so long that it takes so long',
  );
  assert.equal(after('zip', { bytes: MIB, waitedMs: 900 }), 910, 'once, as throughput');
  assert.equal(
    after('zip', { bytes: MIB, waitedMs: 100 }, { bytes: 1000, waitedMs: 900 }),
    1010,
    'its end, too',
  );
  assert.equal(
    afterPart(NO_PACE, 'small', { bytes: 1000, waitedMs: 900 }, at),
    NO_PACE,
    'no answer, no sample',
  );
});

test('throughput is that of all bytes over all waiting; what came with the headers says nothing; a stall does', () => {
  let pace = afterBody(NO_PACE, { bytes: 1000, waitedMs: 0 }, AT);
  assert.equal(pace, NO_PACE);
  pace = afterBody(pace, { bytes: MIB, waitedMs: 100 }, AT);
  pace = afterBody(pace, { bytes: 3 * MIB, waitedMs: 1900 }, AT);
  assert.equal(Math.round(usualBytesPerS(pace, 0, SETTINGS.tauMs) ?? 0), 2 * MIB);
  const stalled = afterBody(pace, { bytes: 0, waitedMs: 5000 }, AT);
  assert.ok((usualBytesPerS(stalled, 0, SETTINGS.tauMs) ?? Infinity) < 0.6 * MIB);
});

test('what is long ago is forgotten, and the mirror is as good as any', () => {
  const slow = paceOf({ small: 1200 });
  const good = afterFirstByte(paceOf({ small: 40 }), 'small', 40, { ...AT, nowMs: 40_000 });
  assert.equal(usualMs(slow, 'small', 25_000, SETTINGS.tauMs), 1200);
  assert.equal(usualMs(slow, 'small', 40_000, SETTINGS.tauMs), undefined);
  assert.deepEqual(factors([good, slow], 'small', 40_000), [1, 1]);
});

test('the best mirror keeps its whole weight, and no factor leaves its bounds', () => {
  const time = fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined });
  const mirror = fc.record({ small: time, zip: time, unansweredMs: fc.constantFrom(0, 10, 5000) });
  fc.assert(
    fc.property(
      fc.array(mirror, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(...FILE_CLASSES),
      (list, of) => {
        const paced = list.map(({ small, zip, unansweredMs }) => ({
          pace: paceOf({ ...(small === undefined ? {} : { small }), ...(zip === undefined ? {} : { zip }) }),
          unansweredMs,
        }));
        const result = factors(paced, of);
        assert.equal(result.length, list.length);
        for (const factor of result) assert.ok(factor >= SETTINGS.floor && factor <= 1);
        const idle = factors(
          paced.map((each) => ({ ...each, unansweredMs: 0 })),
          of,
        );
        const known = paced.flatMap(({ pace }, index) => {
          const ms = usualMs(pace, of, 0, SETTINGS.tauMs);
          return ms === undefined ? [] : [{ ms, factor: idle[index] }];
        });
        const best = known.toSorted((a, b) => a.ms - b.ms)[0];
        if (best !== undefined) assert.equal(best.factor, 1);
      },
    ),
  );
});
