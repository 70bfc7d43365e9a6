import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { sleep } from '../kit/clock.ts';
import { meterBody } from './body-meter.ts';

type Part = { readonly bytes: number; readonly waitedMs: number };

async function* paced(
  clock: VirtualClock,
  chunks: readonly (readonly [afterMs: number, bytes: number])[],
): AsyncGenerator<Buffer> {
  for (const [afterMs, bytes] of chunks) {
    if (afterMs > 0) await sleep(clock, afterMs);
    yield Buffer.alloc(bytes);
  }
}

test('only the time that the reader waits counts, and parts are told by size or by second', async () => {
  const clock = new VirtualClock();
  const parts: Part[] = [];
  let ends = 0;
  const source = paced(clock, [
    [100, 1000],
    [0, 1024 * 1024],
    [400, 10],
    [700, 10],
    [5, 3],
  ]);
  const metered = meterBody(source, {
    clock,
    bodyBytes: 1024 * 1024 + 2023,
    lateMs: 1000,
    onPart: (part) => parts.push(part),
    onEnd: () => (ends += 1),
  });
  const read = (async () => {
    for await (const chunk of metered.body) if (chunk.length === 1000) await sleep(clock, 9000);
  })();
  await clock.advance(50);
  assert.deepEqual(metered.progress(), {
    receivedBytes: 0,
    idleMs: 50,
    lately: { bytes: 0, waitedMs: 50 },
    leftBytes: 1024 * 1024 + 2023,
  });
  await clock.advance(5000);
  assert.deepEqual(metered.progress(), {
    receivedBytes: 1000,
    idleMs: 0,
    lately: { bytes: 1000, waitedMs: 100 },
    leftBytes: 1024 * 1024 + 1023,
  });
  assert.equal(ends, 0);
  await clock.advance(20_000);
  await read;
  assert.equal(ends, 1);
  assert.deepEqual(parts, [
    { bytes: 1024 * 1024 + 1000, waitedMs: 100 },
    { bytes: 20, waitedMs: 1100 },
    { bytes: 3, waitedMs: 5 },
  ]);
  assert.deepEqual(metered.progress(), {
    receivedBytes: 1024 * 1024 + 1023,
    idleMs: 0,
    lately: { bytes: 1024 * 1024 + 1023, waitedMs: 1205 },
    leftBytes: 1000,
  });
});

test('a body that breaks or is left is told up to there, and its source is ended', async () => {
  const clock = new VirtualClock();
  const parts: Part[] = [];
  let ended = 0;
  async function* breaking(): AsyncGenerator<Buffer> {
    try {
      yield Buffer.alloc(5);
      await sleep(clock, 300);
      throw new Error('reset');
    } finally {
      ended += 1;
    }
  }
  let ends = 0;
  const heard = { onPart: (part: Part) => parts.push(part), onEnd: () => (ends += 1) };
  const broken = meterBody(breaking(), { clock, bodyBytes: undefined, lateMs: 1000, ...heard });
  const read = (async () => {
    for await (const _ of broken.body);
  })();
  const failed = assert.rejects(read, /reset/);
  await clock.advance(300);
  await failed;
  assert.deepEqual([parts, broken.progress().leftBytes], [[{ bytes: 5, waitedMs: 300 }], undefined]);
  const left = meterBody(breaking(), { clock, bodyBytes: 5, lateMs: 1000, ...heard });
  for await (const _ of left.body) break;
  assert.deepEqual([ended, ends], [2, 2]);
});

test('what came lately is that of the last second or two of waiting, and of a silence that goes on', async () => {
  const clock = new VirtualClock();
  const chunks = [1000, 1000, 1000, 10, 10, 10, 10, 10].map((bytes) => [500, bytes] as const);
  const heard = { onPart: () => undefined, onEnd: () => undefined };
  const source = paced(clock, [...chunks, [5000, 1]]);
  const metered = meterBody(source, { clock, bodyBytes: undefined, lateMs: 1000, ...heard });
  const read = (async () => {
    for await (const _ of metered.body);
  })();
  const seen: string[] = [];
  for (let n = 0; n < 6; n += 1) {
    await clock.advance(1000);
    const { bytes, waitedMs } = metered.progress().lately;
    seen.push(`${bytes} in ${waitedMs}`);
  }
  assert.deepEqual(seen, [
    '2000 in 1000',
    '1010 in 1000',
    '20 in 1000',
    '20 in 1000',
    '20 in 2000',
    '20 in 3000',
  ]);
  await clock.advance(5000);
  await read;
});
