import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import { GOOD, UNAVAILABLE } from '../../test/support/scripted-question.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { Found } from './answer.ts';
import type { Mirrors } from './mirrors.ts';

const SLOTS = { min: 2, max: 4 };
const QUIET = { hedge: { minMs: 20, maxMs: 1000, firstMs: 300, samples: 20, tokens: 0, perRequest: 0 } };

/** Asks for so many modules at once; who answered, or the code of the error, in the order in which that came. */
function askMany(mirrors: Mirrors, count: number, prefix = 'example.com'): string[] {
  const ends: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const file = { kind: 'list', module: `${prefix}/${n}` } as const;
    mirrors.ask({ file, method: 'GET', maxBodyBytes: 100 }, new AbortController().signal).then(
      (found) => {
        found.settle({ kind: 'complete', bytes: 4 });
        ends.push(`${n} ${found.mirror}`);
      },
      (error: unknown) => ends.push(error instanceof RondoError ? error.code : String(error)),
    );
  }
  return ends;
}

test('no more than its slots wait for a mirror at a time; the others wait in line, first come, first served', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: GOOD } }, { ...QUIET, slots: SLOTS });
  const ends = askMany(mirrors, 10);
  await clock.advance(0);
  assert.deepEqual([upstreams['a']?.asked.length, mirrors.views()[0]?.waiting], [4, 4]);
  await clock.advance(40);
  assert.deepEqual([upstreams['a']?.asked.length, ends.length], [8, 4]);
  await clock.advance(80);
  assert.deepEqual(
    ends,
    Array.from({ length: 10 }, (_, n) => `${n} a`),
  );
  assert.equal(mirrors.views()[0]?.waiting, 0);
  await mirrors.close();
});

test('nobody waits in line behind those who want another mirror', async () => {
  const clock = new VirtualClock();
  const hang: Line = { do: 'hang' };
  const { mirrors } = scriptedMirrors(
    clock,
    { own: { script: hang, match: 'corp.example' }, open: { script: GOOD } },
    { ...QUIET, slots: SLOTS, privatePatterns: 'corp.example' },
  );
  const own = askMany(mirrors, 20, 'corp.example');
  const open = askMany(mirrors, 6, 'example.com');
  await clock.advance(80);
  assert.deepEqual([own.length, open.length], [0, 6]);
  await mirrors.close();
});

test('a full line answers at once that it is full, and waiting ends with the deadline', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(
    clock,
    { a: { script: { do: 'hang' } } },
    { ...QUIET, slots: { min: 1, max: 1 }, queueLimit: 2, deadlineMs: 2000 },
  );
  const ends = askMany(mirrors, 4);
  await clock.advance(0);
  assert.deepEqual(ends, ['E_BUSY']);
  await clock.advance(2000);
  assert.deepEqual(ends.toSorted(), ['E_BUSY', 'E_BUSY', 'E_BUSY', 'E_MIRROR_TIMEOUT']);
  await mirrors.close();
});

test('a client that leaves gives up its place and its slot', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(
    clock,
    { a: { script: { do: 'answer', afterMs: 500 } } },
    { ...QUIET, slots: { min: 1, max: 1 } },
  );
  const leave = new AbortController();
  const question = {
    file: { kind: 'list', module: 'example.com/x' },
    method: 'GET',
    maxBodyBytes: 100,
  } as const;
  const left = [0, 1].map(() => mirrors.ask(question, leave.signal).catch((error: unknown) => String(error)));
  const ends = askMany(mirrors, 1);
  await clock.advance(10);
  leave.abort(new Error('gone'));
  await Promise.all(left);
  await clock.advance(500);
  assert.deepEqual([ends, upstreams['a']?.asked.length], [['0 a'], 2]);
  await mirrors.close();
});

test('503 halves the slots of a mirror; back after its trial it begins with the fewest', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(
    clock,
    { a: { script: UNAVAILABLE }, b: { script: GOOD } },
    QUIET,
  );
  askMany(mirrors, 2);
  await clock.advance(0);
  assert.deepEqual(
    mirrors.views().map(({ slots }) => slots),
    [16, 32],
  );
  askMany(mirrors, 40);
  await clock.advance(1000);
  assert.equal(mirrors.views()[0]?.status, 'TRIAL');
  if (upstreams['a'] !== undefined) upstreams['a'].script = () => GOOD;
  askMany(mirrors, 40, 'example.org');
  await clock.advance(45);
  assert.deepEqual([mirrors.views()[0]?.status, mirrors.views()[0]?.slots], ['HEALTHY', 4]);
  await mirrors.close();
});

test('a mirror whose connections all carry bodies is not free, and is again with the end of one', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: GOOD, maxConnections: 3 } }, QUIET);
  const bodies: Found[] = [];
  for (let n = 0; n < 8; n += 1) {
    const file = { kind: 'list', module: `example.com/${n}` } as const;
    const asked = mirrors.ask({ file, method: 'GET', maxBodyBytes: 100 }, new AbortController().signal);
    void asked.then((found) => bodies.push(found));
  }
  for (let ended = 0; ended < 8; ended += 1) {
    // Longer than any attempt may wait for its first byte without being charged.
    await clock.advance(4000);
    const [view] = mirrors.views();
    assert.deepEqual(
      [upstreams['a']?.asked.length, view?.inFlight],
      [Math.min(8, ended + 3), Math.min(3, 8 - ended)],
    );
    bodies[ended]?.settle({ kind: 'complete', bytes: 4 });
  }
  const [view] = mirrors.views();
  assert.deepEqual([bodies.length, view?.inFlight, view?.score, view?.slots], [8, 0, 1, 32]);
  await mirrors.close();
});

test('a mirror that is full of bodies is not probed', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: GOOD, maxConnections: 1 } }, QUIET);
  mirrors.startProbes();
  const file = { kind: 'list', module: 'example.com/m' } as const;
  const asked = mirrors.ask({ file, method: 'GET', maxBodyBytes: 100 }, new AbortController().signal);
  await clock.advance(40);
  const found = await asked;
  await clock.advance(20_000);
  assert.equal(upstreams['a']?.asked.length, 1);
  found.settle({ kind: 'complete', bytes: 4 });
  await clock.advance(20_000);
  assert.ok((upstreams['a']?.asked.length ?? 0) > 1);
  await mirrors.close();
});
