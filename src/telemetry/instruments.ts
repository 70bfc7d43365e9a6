import type PromClient from 'prom-client';
import type { Registry } from 'prom-client';
import type { RondoEvent } from '../events/events.ts';
import type { Sink } from './late-sink.ts';

/** The library, loaded by whoever needs it first. */
export type Prom = typeof PromClient;

/** From an answer out of memory to a cold toolchain over a slow line. */
const DURATION_BUCKETS_S = [0.001, 0.0025, 0.01, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const FIRST_BYTE_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 15, 60];

type Instruments = ReturnType<typeof requestInstruments> &
  ReturnType<typeof mirrorInstruments> &
  ReturnType<typeof flightInstruments> &
  ReturnType<typeof storeInstruments> &
  ReturnType<typeof configInstruments>;

/**
 * Rondo's instruments in `registry`, and the sink that feeds them. Label values come from closed sets and
 * from the configuration (mirrors' names), never from a request's path.
 */
export function createInstruments(prom: Prom, registry: Registry): Sink {
  const instruments = {
    ...requestInstruments(prom, registry),
    ...mirrorInstruments(prom, registry),
    ...flightInstruments(prom, registry),
    ...storeInstruments(prom, registry),
    ...configInstruments(prom, registry),
  };
  return (event) => record(instruments, event);
}

function requestInstruments(prom: Prom, registry: Registry) {
  const registers = [registry];
  return {
    requests: new prom.Counter({
      name: 'rondo_requests_total',
      help: 'Requests of clients, by kind of file, status and state of the copy',
      labelNames: ['kind', 'status', 'cache'],
      registers,
    }),
    requestDuration: new prom.Histogram({
      name: 'rondo_request_duration_seconds',
      help: 'From the arrival of a request to its last byte',
      labelNames: ['kind'],
      buckets: DURATION_BUCKETS_S,
      registers,
    }),
    responseBytes: new prom.Counter({
      name: 'rondo_response_bytes_total',
      help: 'Body bytes sent to clients',
      labelNames: ['kind'],
      registers,
    }),
    aborted: new prom.Counter({
      name: 'rondo_requests_aborted_total',
      help: 'Requests whose client left or whose answer was cut',
      labelNames: ['kind'],
      registers,
    }),
    security: new prom.Counter({
      name: 'rondo_security_errors_total',
      help: 'Times at which a checksum database itself was in doubt',
      labelNames: ['database', 'kind'],
      registers,
    }),
    notices: new prom.Counter({
      name: 'rondo_notices_total',
      help: 'Notices for people',
      labelNames: ['level'],
      registers,
    }),
  };
}

function mirrorInstruments(prom: Prom, registry: Registry) {
  const registers = [registry];
  return {
    visits: new prom.Counter({
      name: 'rondo_visits_total',
      help: 'Mirrors asked, by how it ended; probes apart from traffic',
      labelNames: ['mirror', 'cause', 'probe'],
      registers,
    }),
    firstByte: new prom.Histogram({
      name: 'rondo_visit_first_byte_seconds',
      help: 'Time to the first byte of a mirror, traffic only',
      labelNames: ['mirror'],
      buckets: FIRST_BYTE_BUCKETS_S,
      registers,
    }),
    mirrorBytes: new prom.Counter({
      name: 'rondo_mirror_bytes_total',
      help: 'Body bytes received from a mirror',
      labelNames: ['mirror'],
      registers,
    }),
    failovers: new prom.Counter({
      name: 'rondo_failovers_total',
      help: 'Requests that went on to another mirror',
      labelNames: ['from', 'to'],
      registers,
    }),
    hedges: new prom.Counter({
      name: 'rondo_hedges_total',
      help: 'Second mirrors asked beside a slow one; not won: asked for nothing',
      labelNames: ['from', 'to', 'won'],
      registers,
    }),
    races: new prom.Counter({
      name: 'rondo_races_total',
      help: 'Second mirrors asked beside one whose body was slow; not won: the slow one was first after all',
      labelNames: ['from', 'to', 'won'],
      registers,
    }),
  };
}

function flightInstruments(prom: Prom, registry: Registry) {
  const registers = [registry];
  return {
    flights: new prom.Counter({
      name: 'rondo_flights_total',
      help: 'Upstream fetches of a file, however many asked for it',
      labelNames: ['kind', 'ok'],
      registers,
    }),
    resumed: new prom.Counter({
      name: 'rondo_resumed_transfers_total',
      help: 'Transfers that broke after their first byte and were completed by another attempt',
      registers,
    }),
    upstreamBytes: new prom.Counter({
      name: 'rondo_upstream_bytes_total',
      help: 'Body bytes received from mirrors by flights, broken attempts among them',
      labelNames: ['kind'],
      registers,
    }),
    integrity: new prom.Counter({
      name: 'rondo_integrity_failures_total',
      help: 'Files with wrong content',
      labelNames: ['mirror'],
      registers,
    }),
  };
}

function storeInstruments(prom: Prom, registry: Registry) {
  const registers = [registry];
  return {
    evictedFiles: new prom.Counter({
      name: 'rondo_store_evicted_files_total',
      help: 'Files of the copy that were given up to make room',
      registers,
    }),
    evictedBytes: new prom.Counter({
      name: 'rondo_store_evicted_bytes_total',
      help: 'Their bytes',
      registers,
    }),
    index: new prom.Counter({
      name: 'rondo_store_index_total',
      help: 'How often the index of the copy failed or was rebuilt',
      labelNames: ['state'],
      registers,
    }),
  };
}

function configInstruments(prom: Prom, registry: Registry) {
  const registers = [registry];
  const reloadOk = new prom.Gauge({
    name: 'rondo_config_last_reload_success',
    help: '1 unless the configuration was wrong when it was last read',
    registers,
  });
  // That of the start was right.
  reloadOk.set(1);
  const reloads = new prom.Counter({
    name: 'rondo_config_reload_total',
    help: 'How often the configuration was read again, by what came of it',
    labelNames: ['result'],
    registers,
  });
  return { reloadOk, reloads };
}

function record(instruments: Instruments, event: RondoEvent): void {
  switch (event.type) {
    case 'request':
      recordRequest(instruments, event);
      return;
    case 'visit':
      recordVisit(instruments, event);
      return;
    case 'failover':
      instruments.failovers.inc({ from: event.from, to: event.to });
      return;
    case 'hedge':
      instruments.hedges.inc({ from: event.from, to: event.to, won: String(event.won) });
      return;
    case 'race':
      instruments.races.inc({ from: event.from, to: event.to, won: String(event.won) });
      return;
    case 'gate':
      // The state that a mirror is in is read, at each scrape.
      return;
    case 'flight':
      instruments.flights.inc({ kind: event.kind, ok: String(event.ok) });
      instruments.resumed.inc(event.resumed);
      instruments.upstreamBytes.inc({ kind: event.kind }, event.upstreamBytes);
      return;
    case 'integrity':
      instruments.integrity.inc({ mirror: event.mirror });
      return;
    case 'eviction':
      instruments.evictedFiles.inc(event.files);
      instruments.evictedBytes.inc(event.bytes);
      return;
    case 'index':
      instruments.index.inc({ state: event.state });
      return;
    case 'security':
      instruments.security.inc({ database: event.database, kind: event.kind });
      return;
    case 'reload':
      instruments.reloads.inc({ result: event.result });
      instruments.reloadOk.set(event.result === 'refused' ? 0 : 1);
      return;
    case 'notice':
      instruments.notices.inc({ level: event.level });
      return;
  }
}

function recordRequest(instruments: Instruments, event: Extract<RondoEvent, { type: 'request' }>): void {
  const { kind } = event;
  instruments.requests.inc({ kind, status: event.status, cache: event.cache ?? 'none' });
  instruments.requestDuration.observe({ kind }, event.durationMs / 1000);
  instruments.responseBytes.inc({ kind }, event.bytes);
  if (event.aborted) instruments.aborted.inc({ kind });
}

function recordVisit(instruments: Instruments, event: Extract<RondoEvent, { type: 'visit' }>): void {
  const { mirror } = event;
  instruments.visits.inc({ mirror, cause: event.outcome.cause, probe: String(event.probe) });
  instruments.mirrorBytes.inc({ mirror }, event.bytes);
  if (event.firstByteMs !== undefined && !event.probe) {
    instruments.firstByte.observe({ mirror }, event.firstByteMs / 1000);
  }
}
