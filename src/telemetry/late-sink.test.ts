import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBus } from '../events/bus.ts';
import type { RondoEvent } from '../events/events.ts';
import { createLateSink } from './late-sink.ts';

function notice(message: string): RondoEvent {
  return { type: 'notice', level: 'info', message };
}

function fixture(load?: () => Promise<never>) {
  const bus = createBus(assert.ifError);
  const seen: string[] = [];
  let loads = 0;
  const late = createLateSink(bus.subscribe, async () => {
    loads += 1;
    await load?.();
    return { sink: (event) => void seen.push(event.type === 'notice' ? event.message : '') };
  });
  return { bus, seen, late, loads: () => loads };
}

test('events from before the load arrive in order, with those during and after it', async () => {
  const { bus, seen, late, loads } = fixture();
  bus.emit(notice('before'));
  const loading = late.load();
  bus.emit(notice('during'));
  await loading;
  bus.emit(notice('after'));
  await late.load();
  assert.deepEqual(seen, ['before', 'during', 'after']);
  assert.equal(loads(), 1);
});

test('many events load by themselves', async () => {
  const { bus, seen, late, loads } = fixture();
  for (let index = 0; index < 999; index += 1) bus.emit(notice(String(index)));
  assert.equal(loads(), 0);
  bus.emit(notice('last'));
  assert.equal(loads(), 1);
  await late.load();
  assert.equal(seen.length, 1000);
  assert.equal(seen.at(-1), 'last');
});

test('after unsubscribing nothing arrives, but what waited does', async () => {
  const { bus, seen, late } = fixture();
  bus.emit(notice('before'));
  late.unsubscribe();
  bus.emit(notice('after'));
  await late.load();
  assert.deepEqual(seen, ['before']);
});

test('a library that cannot be loaded is told to whoever asks, and nobody else is hurt', async () => {
  const { bus, seen, late } = fixture(() => Promise.reject(new Error('gone')));
  for (let index = 0; index < 1001; index += 1) bus.emit(notice('x'));
  await assert.rejects(late.load(), /gone/);
  bus.emit(notice('y'));
  assert.deepEqual(seen, []);
});
