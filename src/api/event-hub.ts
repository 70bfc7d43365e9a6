import type { ServerResponse } from 'node:http';
import type { RondoEvent } from '../events/events.ts';
import type { Incident } from '../history/incidents.ts';
import type { Timer } from '../kit/clock.ts';
import { render, type Table } from '../words/render.ts';
import type { IncidentEvent, NoticeEvent } from './answers.ts';
import { createEventReader, type EventReader, type StateName } from './event-reader.ts';
import { incidentIn, mirrorsIn } from './in-language.ts';
import type { ApiPorts } from './ports.ts';

/** Who reads events, and what they are told. */
export type EventHub = {
  /** Whether another one may come: there are not too many, and it has not ended. */
  hasRoom(): boolean;
  /** Another reader, whose response's head has left, where there is room. */
  add(response: ServerResponse, about?: ReaderAbout): void;
  /** Ends all of them, for good. */
  end(): void;
};

/** What is known of a reader. */
export type ReaderAbout = {
  /** Its language. */
  readonly table?: Table | undefined;
  /** Whether it may still be told: asked whenever the token has become another one. Default: it may. */
  readonly mayStay?: () => boolean;
};

/** Each costs a connection and some memory. */
const MAX_READERS = 64;
/** Flights are told as often; the other states every fourth time. */
const TICK_MS = 250;
const TICKS_A_SECOND = 4;
const BEAT_TICKS = 15 * TICKS_A_SECOND;

type NoticeOf = Extract<RondoEvent, { type: 'notice' }>;
type Ports = Pick<ApiPorts, 'token' | 'status' | 'mirrors' | 'flights' | 'subscribe' | 'incidents' | 'clock'>;

/** One look at the state for all readers, while there are any. Without one there is neither timer nor subscription. */
export function createEventHub(ports: Ports): EventHub {
  const readers = new Map<ServerResponse, Told>();
  let token = ports.token();
  /** Before anything is told: whoever came with a token that is none any more has read enough. */
  const dismiss = (): void => {
    if (token === ports.token()) return;
    token = ports.token();
    for (const [response, { reader, mayStay }] of readers) {
      if (mayStay()) continue;
      readers.delete(response);
      reader.end();
    }
    if (readers.size === 0) watch.stop();
  };
  const watch = createWatch(ports, readers, dismiss);
  let ended = false;
  return {
    hasRoom: () => !ended && readers.size < MAX_READERS,
    add(response, { table, mayStay = () => true } = {}) {
      const told = { reader: createEventReader(response), table, mayStay };
      dismiss();
      if (readers.size === 0) watch.start();
      readers.set(response, told);
      response.on('close', () => {
        if (readers.delete(response) && readers.size === 0) watch.stop();
      });
      watch.greet(told);
    },
    end() {
      ended = true;
      for (const { reader } of readers.values()) reader.end();
      readers.clear();
      watch.stop();
    },
  };
}

/** A reader, and what is known of it. */
type Told = {
  readonly reader: EventReader;
  readonly table: Table | undefined;
  readonly mayStay: () => boolean;
};

type Readers = ReadonlyMap<ServerResponse, Told>;

/** What all readers are told. */
type Watch = {
  start(): void;
  stop(): void;
  /** Tells a new reader everything. */
  greet(told: Told): void;
};

function createWatch(ports: Ports, readers: Readers, dismiss: () => void): Watch {
  const { clock } = ports;
  const told = new Map<StateName, string>();
  let timer: Timer | undefined;
  let subscriptions: (() => void)[] = [];
  let ticks = 0;

  const tell = (name: StateName): void => {
    const value = ports[name]();
    const sign = signOf(value);
    if (told.get(name) === sign) return;
    told.set(name, sign);
    toAll(
      readers,
      (table) => stateIn(ports, name, table),
      (reader, data) => reader.state(name, data),
    );
  };
  const hear = (event: RondoEvent): void => {
    dismiss();
    if (event.type === 'notice' && event.level !== 'debug') tellNotice(readers, event, clock.wallMs());
  };
  const hearIncident = (changed: Incident): void => {
    dismiss();
    tellIncident(readers, changed);
  };
  const tick = (): void => {
    ticks += 1;
    timer = clock.after(TICK_MS, tick, { background: true });
    dismiss();
    tell('flights');
    if (ticks % TICKS_A_SECOND === 0) {
      tell('status');
      tell('mirrors');
    }
    if (ticks % BEAT_TICKS === 0) for (const { reader } of readers.values()) reader.beat();
  };
  return {
    start() {
      subscriptions = [ports.subscribe(hear), ports.incidents(hearIncident)];
      timer = clock.after(TICK_MS, tick, { background: true });
    },
    stop() {
      timer?.cancel();
      for (const unsubscribe of subscriptions.splice(0)) unsubscribe();
      told.clear();
    },
    greet({ reader, table }) {
      for (const name of ['status', 'mirrors', 'flights'] as const)
        reader.state(name, JSON.stringify(stateIn(ports, name, table)));
    },
  };
}

function tellNotice(readers: Readers, { level, message, said }: NoticeOf, atMs: number): void {
  toAll(
    readers,
    (table): NoticeEvent => ({ version: 1, level, message: render(said ?? message, table), atMs }),
    (reader, data) => reader.happened('notice', data),
  );
}

function tellIncident(readers: Readers, changed: Incident): void {
  toAll(
    readers,
    (table): IncidentEvent => ({ version: 1, incident: incidentIn(changed, table) }),
    (reader, data) => reader.happened('incident', data),
  );
}

/** Written once a language. */
function toAll(
  readers: Readers,
  valueIn: (table: Table | undefined) => object,
  send: (reader: EventReader, data: string) => void,
): void {
  const written = new Map<Table | undefined, string>();
  for (const { reader, table } of readers.values()) {
    const data = written.get(table) ?? JSON.stringify(valueIn(table));
    written.set(table, data);
    send(reader, data);
  }
}

function stateIn(ports: Ports, name: StateName, table: Table | undefined): object {
  return name === 'mirrors' ? mirrorsIn(ports.mirrors(), table) : ports[name]();
}

/** What passes by itself is no change: how long something has been so. */
const PASSING: ReadonlySet<string> = new Set(['nowMs', 'forMs', 'agoMs', 'inMs']);

function signOf(value: object): string {
  return JSON.stringify(value, (key, each: unknown) => (PASSING.has(key) ? undefined : each));
}
