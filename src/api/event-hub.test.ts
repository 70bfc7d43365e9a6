import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { createBus } from '../events/bus.ts';
import type { RondoEvent } from '../events/events.ts';
import { createIncidentBook } from '../history/incident-book.ts';
import type { Incident } from '../history/incidents.ts';
import type { FlightShown, MirrorsAnswer, StatusAnswer } from './answers.ts';
import { createEventHub, type EventHub } from './event-hub.ts';

const STATUS: StatusAnswer = {
  version: 1,
  rondo: '0.0.0',
  startedAtMs: 0,
  nowMs: 0,
  offline: false,
  url: 'http://127.0.0.1:7070',
  chainEnd: ',direct',
  totals: { requests: 0, hits: 0, misses: 0, stale: 0, failed: 0, bytesOut: 0, bytesUpstream: 0 },
  copy: { files: 0, bytes: 0, keeping: true },
  flights: 0,
  historyKept: true,
};
const FLIGHT: FlightShown = { key: 'a', kind: 'zip', receivedBytes: 0, startedAtMs: 0, waiting: 1 };
const FAILED: RondoEvent = {
  type: 'visit',
  mirror: 'b',
  kind: 'mod',
  probe: false,
  revisit: false,
  outcome: { class: 'http', cause: 'dns', detail: '' },
  durationMs: 1,
  bytes: 0,
};
const GATE: RondoEvent = { type: 'gate', mirror: 'a', from: 'HEALTHY', to: 'UNHEALTHY', why: 'it fails' };

/** A response that takes what is written until it is stopped, and then nothing. */
class Reader extends EventEmitter {
  writableNeedDrain = false;
  readonly written: string[] = [];
  ended = false;

  write(text: string): boolean {
    assert.equal(this.writableNeedDrain, false, 'nothing is written to who takes nothing');
    this.written.push(text);
    return true;
  }

  end(): void {
    this.ended = true;
  }

  destroy(): void {
    this.ended = true;
  }

  drain(): void {
    this.writableNeedDrain = false;
    this.emit('drain');
  }

  /** Names of the events since the last call. */
  names(): string[] {
    return this.written.splice(0).map((text) => /^event: (\w+)/.exec(text)?.[1] ?? text.trim());
  }
}

function world(): {
  readonly clock: VirtualClock;
  readonly hub: EventHub;
  readonly emit: (event: RondoEvent) => void;
  readonly state: {
    token: string | undefined;
    nowMs: number;
    flights: FlightShown[];
    mirrors: MirrorsAnswer;
    asked: number;
  };
  readonly subscribed: () => number;
  readonly read: (mayStay?: () => boolean) => Reader;
} {
  const clock = new VirtualClock();
  const bus = createBus((error) => {
    throw error;
  });
  let subscribed = 0;
  const state = {
    token: undefined as string | undefined,
    nowMs: 0,
    flights: [] as FlightShown[],
    mirrors: { version: 1, offline: false, origin: 'x', mirrors: [] } as MirrorsAnswer,
    asked: 0,
  };
  const subscribe = (sink: (event: RondoEvent) => void): (() => void) => bus.subscribe(sink);
  const incidents = createIncidentBook({ subscribe, mirrors: () => state.mirrors.mirrors, clock });
  const hub = createEventHub({
    clock,
    token: () => state.token,
    incidents: (sink) => incidents.subscribe(sink),
    status: () => {
      state.asked += 1;
      return { ...STATUS, nowMs: clock.wallMs(), flights: state.flights.length };
    },
    mirrors: () => state.mirrors,
    flights: () => ({ version: 1, flights: state.flights }),
    subscribe(sink) {
      subscribed += 1;
      const off = subscribe(sink);
      return () => {
        subscribed -= 1;
        off();
      };
    },
  });
  const read = (mayStay = (): boolean => true): Reader => {
    const reader = new Reader();
    hub.add(reader as unknown as ServerResponse, { mayStay });
    return reader;
  };
  return { clock, hub, emit: bus.emit, state, subscribed: () => subscribed, read };
}

test('while nobody listens there is no timer, no subscription and no look', async () => {
  const { clock, state, subscribed, read } = world();
  await clock.advance(60_000);
  assert.deepEqual([clock.pending, subscribed(), state.asked], [0, 0, 0]);
  const reader = read();
  assert.deepEqual([clock.pending, subscribed()], [1, 1]);
  reader.emit('close');
  assert.deepEqual([clock.pending, subscribed()], [0, 0]);
});

test('what only grows older is no change; what changes is told once, at most once a second', async () => {
  const { clock, state, read } = world();
  const reader = read();
  assert.deepEqual(reader.names(), ['status', 'mirrors', 'flights']);
  await clock.advance(3000);
  reader.names();
  await clock.advance(10_000);
  assert.deepEqual(reader.names(), []);
  state.mirrors = { ...state.mirrors, origin: 'another' };
  await clock.advance(900);
  state.mirrors = { ...state.mirrors, origin: 'a third' };
  await clock.advance(1100);
  assert.ok(reader.names().filter((name) => name === 'mirrors').length <= 2);
});

test('flights are told four times a second while they grow, and one empty list at the end', async () => {
  const { clock, state, read } = world();
  const reader = read();
  await clock.advance(2000);
  reader.names();
  for (let receivedBytes = 1; receivedBytes <= 100; receivedBytes += 1) {
    state.flights = [{ ...FLIGHT, receivedBytes }];
    await clock.advance(10);
  }
  assert.equal(reader.names().filter((name) => name === 'flights').length, 4);
  state.flights = [];
  await clock.advance(5000);
  assert.equal(reader.names().filter((name) => name === 'flights').length, 1);
});

test('who takes nothing gets the newest state and the last incidents, and nothing piles up', async () => {
  const { clock, state, emit, read } = world();
  const reader = read();
  reader.names();
  reader.writableNeedDrain = true;
  for (let nth = 0; nth < 1000; nth += 1) {
    state.flights = [{ ...FLIGHT, receivedBytes: nth }];
    emit({ type: 'notice', level: 'warn', message: `notice ${nth}` });
    await clock.advance(250);
  }
  assert.deepEqual(reader.written, []);
  reader.drain();
  const text = reader.written.join('');
  const names = reader.names();
  assert.ok(names.length <= 40, String(names.length));
  assert.equal(names.filter((name) => name === 'flights').length, 1);
  assert.match(text, /"receivedBytes":999\b/);
  assert.match(text, /notice 999/);
});

test('an incident is told when it begins and when it ends; of one that began before anybody read, all is known', async () => {
  const { clock, emit, read } = world();
  emit(FAILED);
  await clock.advance(5000);
  emit({ ...GATE, mirror: 'b' });
  const startMs = clock.wallMs() - 5000;
  const reader = read();
  reader.written.length = 0;
  emit(GATE);
  emit({ ...GATE, from: 'UNHEALTHY', to: 'HEALTHY' });
  emit({ ...GATE, mirror: 'b', from: 'TRIAL', to: 'HEALTHY' });
  const told = reader.written.map((text) => {
    const { incident } = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '') as { incident: Incident };
    return [incident.mirror, incident.cause, incident.startMs - startMs, incident.endMs !== undefined];
  });
  assert.deepEqual(told, [
    ['a', 'unknown', 5000, false],
    ['a', 'unknown', 5000, true],
    ['b', 'dns', 0, true],
  ]);
});

test('a comment every fifteen seconds, none behind what waits; the end is for all', async () => {
  const { clock, hub, read } = world();
  const [quick, slow] = [read(), read()];
  await clock.advance(2000);
  quick.names();
  slow.writableNeedDrain = true;
  await clock.advance(28_000);
  assert.deepEqual(quick.names(), [':', ':']);
  hub.end();
  assert.deepEqual([quick.ended, slow.ended, hub.hasRoom(), clock.pending], [true, true, false, 0]);
});

test('whoever may not ask any more once the token is another one is told nothing of what comes then', async () => {
  const { clock, emit, state, subscribed, read } = world();
  state.token = 'old';
  const [stays, goes, alsoGoes] = [read(), read(() => false), read(() => state.token === 'old')];
  await clock.advance(1000);
  assert.deepEqual(
    [stays, goes, alsoGoes].map(({ ended }) => ended),
    [false, false, false],
    'nothing has changed',
  );
  for (const reader of [stays, goes, alsoGoes]) reader.names();
  state.token = 'new';
  emit(GATE);
  assert.deepEqual(
    [stays, goes, alsoGoes].map(({ ended }) => ended),
    [false, true, true],
  );
  assert.deepEqual([stays.names(), goes.names(), alsoGoes.names()], [['incident'], [], []]);
  const late = read(() => state.token === 'new');
  state.token = undefined;
  await clock.advance(250);
  assert.deepEqual([stays.ended, late.ended, subscribed()], [false, true, 1]);
  state.token = 'again';
  const last = read();
  stays.emit('close');
  last.emit('close');
  assert.deepEqual([clock.pending, subscribed()], [0, 0]);
});

test('where nobody may stay there is nothing left to look at', async () => {
  const { clock, state, subscribed, read } = world();
  const reader = read(() => false);
  state.token = 'new';
  await clock.advance(250);
  assert.deepEqual([reader.ended, clock.pending, subscribed()], [true, 0, 0]);
});
