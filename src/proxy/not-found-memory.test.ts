import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { createNotFoundMemory } from './not-found-memory.ts';

const OUTAGE = new RondoError('E_NO_MIRROR', 'all failed');
const GONE = new RondoError('E_NOT_FOUND', 'no such module', { saidByPool: 'a' });
const poolId = (): string => 'a';
const file = (n: number): RemoteFile => ({ kind: 'list', module: `example.com/m${n}` });
const emit = (): void => undefined;

async function saidOf(memory: ReturnType<typeof createNotFoundMemory>, n: number): Promise<string> {
  const error = await memory.replay(file(n), OUTAGE);
  return error instanceof RondoError ? error.message : String(error);
}

test('only agreements are remembered, only outages replay them, and only for a day', async () => {
  const clock = new VirtualClock();
  const memory = createNotFoundMemory({ store: createMemoryStore(clock), poolId, clock, emit });
  memory.remember(file(1), GONE);
  memory.remember(file(2), OUTAGE);
  assert.deepEqual([await saidOf(memory, 1), await saidOf(memory, 2)], ['no such module', 'all failed']);
  const private404 = new RondoError('E_PRIVATE', 'private');
  assert.equal(await memory.replay(file(1), private404), private404);
  await clock.advance(24 * 3_600_000 + 1);
  assert.equal(await saidOf(memory, 1), 'all failed');
});

test('a restart remembers, whether the first one ended in time or was killed after 10 s', async () => {
  const clock = new VirtualClock();
  const store = createMemoryStore(clock);
  const closed = createNotFoundMemory({ store, poolId, clock, emit });
  closed.remember(file(1), GONE);
  await closed.close();
  const killed = createNotFoundMemory({ store, poolId, clock, emit });
  killed.remember(file(2), GONE);
  await clock.advance(10_000);
  const third = createNotFoundMemory({ store, poolId, clock, emit });
  assert.deepEqual([await saidOf(third, 1), await saidOf(third, 2)], ['no such module', 'no such module']);
  assert.equal(clock.pending, 0);
});

test('a client that asks for any number of names fills neither memory nor disk', async () => {
  const clock = new VirtualClock();
  const store = createMemoryStore(clock);
  const memory = createNotFoundMemory({ store, poolId, clock, emit });
  for (let n = 0; n < 12_000; n += 1) memory.remember(file(n), GONE);
  await memory.close();
  assert.equal(((await store.getRecord('not-found')) as unknown[]).length, 10_000);
  assert.deepEqual([await saidOf(memory, 11_999), await saidOf(memory, 0)], ['no such module', 'all failed']);
});

test('a record that somebody else has spoilt is no record', async () => {
  const clock = new VirtualClock();
  const store = createMemoryStore(clock);
  await store.putRecord('not-found', { evil: true });
  assert.equal(await saidOf(createNotFoundMemory({ store, poolId, clock, emit }), 1), 'all failed');
});

test('what mirrors have said is no word of others, before and after a restart, nor is it where nobody was asked', async () => {
  const clock = new VirtualClock();
  const store = createMemoryStore(clock);
  let pool: string | undefined = 'a';
  const memory = createNotFoundMemory({ store, poolId: () => pool, clock, emit });
  memory.remember(file(1), GONE);
  memory.remember(file(2), new RondoError('E_NOT_FOUND', 'no mirror of the chain carries it'));
  pool = 'b';
  assert.equal(await saidOf(memory, 1), 'all failed');
  memory.remember(file(1), new RondoError('E_NOT_FOUND', 'not here either', { saidByPool: 'b' }));
  pool = 'a';
  assert.deepEqual([await saidOf(memory, 1), await saidOf(memory, 2)], ['no such module', 'all failed']);
  await memory.close();
  assert.equal(((await store.getRecord('not-found')) as unknown[]).length, 2);
  const next = createNotFoundMemory({ store, poolId: () => pool, clock, emit });
  const said: string[] = [];
  for (pool of ['a', 'b', 'c', undefined]) said.push(await saidOf(next, 1));
  assert.deepEqual(said, ['no such module', 'not here either', 'all failed', 'all failed']);
});

test('what was learnt since the start is given up after what was known before', async () => {
  const clock = new VirtualClock();
  const store = createMemoryStore(clock);
  const before = createNotFoundMemory({ store, poolId, clock, emit });
  for (let n = 0; n < 10_000; n += 1) before.remember(file(n), GONE);
  await before.close();
  const memory = createNotFoundMemory({ store, poolId, clock, emit });
  memory.remember(file(20_000), GONE);
  assert.deepEqual(
    [await saidOf(memory, 20_000), await saidOf(memory, 0)],
    ['no such module', 'all failed'],
    'the oldest made room',
  );
});

test('it is closed once what it is writing is written, and what it learnt meanwhile too', async () => {
  const clock = new VirtualClock();
  const store = createMemoryStore(clock);
  const held: (() => void)[] = [];
  const slow: typeof store = {
    ...store,
    getRecord: (name) => store.getRecord(name),
    putRecord: async (name, value) => {
      await new Promise<void>((resolve) => held.push(resolve));
      await store.putRecord(name, value);
    },
  };
  const memory = createNotFoundMemory({ store: slow, poolId, clock, emit });
  memory.remember(file(1), GONE);
  await clock.advance(10_000);
  memory.remember(file(2), GONE);
  let isClosed = false;
  const closed = memory.close().then(() => (isClosed = true));
  await clock.advance(0);
  assert.deepEqual([held.length, isClosed], [1, false]);
  held[0]?.();
  await clock.advance(0);
  assert.deepEqual([held.length, isClosed], [2, false]);
  held[1]?.();
  await closed;
  assert.equal(((await store.getRecord('not-found')) as unknown[]).length, 2);
});
