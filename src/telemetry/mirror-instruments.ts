import type { Registry } from 'prom-client';
import type { RondoEvent } from '../events/events.ts';
import type { Prom } from './instruments.ts';
import type { Sink } from './late-sink.ts';

const FIRST_BYTE_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 15, 60];

type MirrorInstruments = ReturnType<typeof mirrorInstruments>;

/** The instruments of how mirrors were asked, and the sink that feeds them; label values as in instruments.ts. */
export function createMirrorInstruments(prom: Prom, registry: Registry): Sink {
  const instruments = mirrorInstruments(prom, registry);
  return (event) => {
    if (event.type === 'visit') return recordVisit(instruments, event);
    if (event.type === 'failover') return instruments.failovers.inc({ from: event.from, to: event.to });
    if (event.type !== 'hedge' && event.type !== 'race') return;
    const counter = event.type === 'hedge' ? instruments.hedges : instruments.races;
    counter.inc({ from: event.from, to: event.to, won: String(event.won) });
  };
}

function mirrorInstruments(prom: Prom, registry: Registry) {
  const registers = [registry];
  return {
    visits: new prom.Counter({
      name: 'rondo_visits_total',
      help: 'Mirrors asked, by how it ended; probes apart from traffic',
      labelNames: ['mirror', 'class', 'cause', 'probe'],
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
    visitPhase: new prom.Histogram({
      name: 'rondo_visit_phase_seconds',
      help: 'What visits took: to connect and for TLS where a connection was made, to the first byte, for the body; traffic only',
      labelNames: ['phase'],
      buckets: FIRST_BYTE_BUCKETS_S,
      registers,
    }),
    wasted: new prom.Counter({
      name: 'rondo_wasted_bytes_total',
      help: 'Body bytes of visits that nobody needed in the end: hedges, races, clients that left',
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

function recordVisit(instruments: MirrorInstruments, event: Extract<RondoEvent, { type: 'visit' }>): void {
  const { mirror, outcome, firstByteMs } = event;
  instruments.visits.inc({
    mirror,
    class: outcome.class,
    cause: outcome.cause,
    probe: String(event.probe),
  });
  instruments.mirrorBytes.inc({ mirror }, event.bytes);
  if (outcome.cause === 'superseded') instruments.wasted.inc({ mirror }, event.bytes);
  if (event.probe) return;
  const observe = (phase: string, ms: number | undefined): void => {
    if (ms !== undefined) instruments.visitPhase.observe({ phase }, ms / 1000);
  };
  observe('connect', event.connectMs);
  observe('tls', event.tlsMs);
  observe('first_byte', firstByteMs);
  if (firstByteMs === undefined) return;
  instruments.firstByte.observe({ mirror }, firstByteMs / 1000);
  if (event.bytes > 0) observe('body', event.durationMs - firstByteMs);
}
