import type PromClient from 'prom-client';
import type { Registry } from 'prom-client';
import type { RondoEvent } from '../events/events.ts';
import { type AlarmCounters, createAlarmCounters } from './alarm-counters.ts';
import { createMirrorInstruments } from './mirror-instruments.ts';

/** The library, loaded by whoever needs it first. */
export type Prom = typeof PromClient;

/** From an answer out of memory to a cold toolchain over a slow line. */
const DURATION_BUCKETS_S = [0.001, 0.0025, 0.01, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

type Instruments = ReturnType<typeof requestInstruments> &
  ReturnType<typeof flightInstruments> &
  ReturnType<typeof storeInstruments> &
  ReturnType<typeof configInstruments>;

/**
 * Rondo's instruments in `registry`, the sink that feeds them, and whom the counters of alarms are kept of. Label values
 * come from closed sets and from the configuration (mirrors' names), never from a request's path.
 */
export function createInstruments(prom: Prom, registry: Registry): AlarmCounters {
  const instruments = {
    ...requestInstruments(prom, registry),
    ...flightInstruments(prom, registry),
    ...storeInstruments(prom, registry),
    ...configInstruments(prom, registry),
  };
  const mirrors = createMirrorInstruments(prom, registry);
  const alarms = createAlarmCounters(prom, registry);
  return {
    sink(event) {
      mirrors(event);
      alarms.sink(event);
      record(instruments, event);
    },
    keep: alarms.keep,
  };
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
    limited: new prom.Counter({
      name: 'rondo_limited_requests_total',
      help: 'Requests that a limit of clients has made wait, or refused',
      labelNames: ['limit', 'refused'],
      registers,
    }),
    alerts: new prom.Counter({
      name: 'rondo_alerts_total',
      help: 'Alerts, by what they tell of',
      labelNames: ['kind', 'state'],
      registers,
    }),
    deliveries: new prom.Counter({
      name: 'rondo_alert_deliveries_total',
      help: 'Tries to tell a receiver of an alert',
      labelNames: ['receiver', 'ok'],
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
    flightPhase: new prom.Histogram({
      name: 'rondo_flight_phase_seconds',
      help: 'What flights spent their time on: asking mirrors, receiving the body, verifying it',
      labelNames: ['phase'],
      buckets: DURATION_BUCKETS_S,
      registers,
    }),
    verdicts: new prom.Counter({
      name: 'rondo_verdicts_total',
      help: 'Complete files that were judged, by what they were found to be',
      labelNames: ['kind', 'judgement'],
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
    case 'failover':
    case 'hedge':
    case 'race':
      // mirror-instruments.ts
      return;
    case 'integrity':
    case 'security':
      // alarm-counters.ts
      return;
    case 'gate':
      // The state that a mirror is in is read, at each scrape.
      return;
    case 'flight':
      instruments.flights.inc({ kind: event.kind, ok: String(event.ok) });
      instruments.resumed.inc(event.resumed);
      instruments.upstreamBytes.inc({ kind: event.kind }, event.upstreamBytes);
      for (const { name, ms } of event.phases ?? [])
        instruments.flightPhase.observe({ phase: name }, ms / 1000);
      return;
    case 'verdict':
      instruments.verdicts.inc({ kind: event.kind, judgement: event.judgement });
      return;
    case 'eviction':
      instruments.evictedFiles.inc(event.files);
      instruments.evictedBytes.inc(event.bytes);
      return;
    case 'index':
      instruments.index.inc({ state: event.state });
      return;
    case 'reload':
      instruments.reloads.inc({ result: event.result });
      instruments.reloadOk.set(event.result === 'refused' ? 0 : 1);
      return;
    case 'limit':
      instruments.limited.inc({ limit: event.limit, refused: String(event.refused) });
      return;
    case 'alert':
      instruments.alerts.inc({ kind: event.kind, state: event.state });
      return;
    case 'delivery':
      instruments.deliveries.inc({ receiver: event.receiver, ok: String(event.ok) });
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
