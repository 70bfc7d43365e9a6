import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_HEDGE, scriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Found } from './answer.ts';
import type { Mirrors } from './mirrors.ts';

const MIB = 1024 * 1024;
/** 4 MiB/s. */
const FAST: Line = { do: 'answer', body: Buffer.alloc(2 * MIB), chunkBytes: MIB, paceMs: 250 };
/** 20 KB/s. */
const DRIPS: Line = { do: 'answer', body: Buffer.alloc(2 * MIB), chunkBytes: 2000, paceMs: 100 };
const STALLS: Line = { do: 'answer', body: Buffer.alloc(2 * MIB), chunkBytes: 64 * 1024, pauseAt: 64 * 1024 };

/** One zip that is being read, of whoever is asked. */
async function begin(clock: VirtualClock, mirrors: Mirrors, except: readonly string[] = []): Promise<Found> {
  const asked = mirrors.ask(
    {
      file: { kind: 'zip', module: 'example.com/m', version: 'v1.0.0' },
      method: 'GET',
      maxBodyBytes: 8 * MIB,
      except: new Set(except),
    },
    new AbortController().signal,
  );
  await clock.advance(0);
  const found = await asked;
  void (async () => {
    for await (const _ of found.body);
  })().catch(() => undefined);
  return found;
}

test('a body is slow by what the best mirror gives, once somebody has waited for it for a second', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { a: { script: DRIPS }, b: { script: FAST } }, NO_HEDGE);
  const fast = await begin(clock, mirrors, ['a']);
  await clock.advance(1000);
  assert.equal(fast.isSlow(), false);
  fast.settle({ kind: 'complete', bytes: 2 * MIB });
  const slow = await begin(clock, mirrors, ['b']);
  await clock.advance(900);
  assert.equal(slow.isSlow(), false, 'nobody else of its question');
  slow.settle({ kind: 'abandoned', bytes: 0 });
  const beside = await begin(clock, mirrors);
  assert.equal(beside.mirror, 'a');
  await clock.advance(900);
  assert.equal(beside.isSlow(), false, 'too early to say');
  await clock.advance(200);
  assert.equal(beside.isSlow(), true);
  mirrors.order('b', { drainForMs: 60_000 });
  assert.equal(beside.isSlow(), false, 'nobody else may be asked');
  mirrors.order('b', { drainForMs: 0 });
  assert.equal(beside.isSlow(), true);
  beside.settle({ kind: 'outrun', bytes: 1000 });
  await mirrors.close();
});

test('where nobody else is known, a body is slow by what is assumed', async () => {
  for (const [paceMs, expected] of [
    [100, true],
    // 80 KB/s: more than a quarter of 256 KiB/s.
    [25, false],
  ] as const) {
    const clock = new VirtualClock();
    const { mirrors } = scriptedMirrors(
      clock,
      { a: { script: { ...DRIPS, paceMs } }, b: { script: FAST } },
      NO_HEDGE,
    );
    const found = await begin(clock, mirrors);
    await clock.advance(2500);
    assert.equal(found.isSlow(), expected);
    found.settle({ kind: 'abandoned', bytes: 0 });
    await mirrors.close();
  }
});

test('a mirror that was outrun is charged if it had stalled, and not if it dripped', async () => {
  for (const [script, cause, score] of [
    [STALLS, 'body-idle', 0.7],
    [DRIPS, 'superseded', 1],
  ] as const) {
    const clock = new VirtualClock();
    const { mirrors, events, upstreams } = scriptedMirrors(
      clock,
      { a: { script }, b: { script: FAST } },
      NO_HEDGE,
    );
    const found = await begin(clock, mirrors, ['b']);
    await clock.advance(1500);
    found.settle({ kind: 'outrun', bytes: 64 * 1024 });
    const visits = events.flatMap((event) => (event.type === 'visit' ? [event.outcome.cause] : []));
    assert.deepEqual(visits, [cause]);
    assert.equal(mirrors.views()[0]?.score, score);
    await clock.advance(1);
    assert.deepEqual([upstreams['a']?.dropped, mirrors.views()[0]?.inFlight], [1, 0]);
    await mirrors.close();
  }
});
