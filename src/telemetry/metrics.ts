import type { Counter, Gauge, Registry } from 'prom-client';
import type { AlarmCounters, Suspects } from './alarm-counters.ts';
import { createInstruments, type Prom } from './instruments.ts';
import type { Clock } from '../kit/clock.ts';
import { measurePauses, type Pauses } from './pauses.ts';
import { createLateSink, type Subscribe } from './late-sink.ts';

/** A value that is read when somebody asks for the metrics. */
export type GaugeReading = {
  /** Without the prefix `rondo_`, with its unit: `mirror_weight`, `store_bytes`. Always with the same label names. */
  readonly name: string;
  readonly help: string;
  /** Values from closed sets or the configuration, never from requests. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** It only ever grows, and its name ends with `_total`. */
  readonly grows?: true;
};

/** Prometheus metrics. */
export type Metrics = {
  /** The metrics of this moment. Loads the library if nothing has; the process's own metrics begin here. */
  scrape(): Promise<{ contentType: string; text: string }>;
  /** Has `read` called at each scrape; for what is a state and not an event. */
  gauges(read: () => readonly GaugeReading[]): void;
  /** Has `read` called at each scrape for those whose counters of alarms are there before anything has happened. */
  suspects(read: () => Suspects): void;
  /** Loads the library ahead of the first scrape, so that it is not the first scrape that waits for it. */
  load(): Promise<void>;
  close(): void;
};

/** Metrics of everything that the bus tells from now on, in a registry of their own. */
export function createMetrics(subscribe: Subscribe, clock: Clock): Metrics {
  const late = createLateSink(subscribe, loadRegistry);
  const readers: (() => readonly GaugeReading[])[] = [];
  let suspects: (() => Suspects) | undefined;
  let stopDefaults: (() => void) | undefined;
  let pauses: Pauses | undefined;

  return {
    async scrape() {
      const { prom, registry, pulled, keep } = await late.load();
      if (suspects !== undefined) keep(suspects());
      stopDefaults ??= collectProcess(prom, registry);
      pauses ??= measurePauses(clock);
      refresh(prom, registry, pulled, [...readers.flatMap((read) => read()), ...pauses.read()]);
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
    gauges: (read) => void readers.push(read),
    suspects: (read) => void (suspects = read),
    load: async () => void (await late.load()),
    close() {
      late.unsubscribe();
      stopDefaults?.();
      pauses?.stop();
    },
  };
}

type Loaded = AlarmCounters & {
  readonly prom: Prom;
  readonly registry: Registry;
  /** The gauges made for readings, by name. */
  readonly pulled: Map<string, Gauge | Counter>;
};

async function loadRegistry(): Promise<Loaded> {
  const { default: prom } = await import('prom-client');
  const registry = new prom.Registry();
  return { prom, registry, pulled: new Map(), ...createInstruments(prom, registry) };
}

function collectProcess(prom: Prom, registry: Registry): () => void {
  prom.collectDefaultMetrics({ register: registry });
  return () => registry.clear();
}

/** Sets each gauge anew, so that what is no longer read (a mirror taken out) is no longer shown. */
function refresh(
  prom: Prom,
  registry: Registry,
  pulled: Map<string, Gauge | Counter>,
  readings: readonly GaugeReading[],
): void {
  for (const gauge of pulled.values()) gauge.reset();
  for (const { name, help, labels, value, grows } of readings) {
    let gauge = pulled.get(name);
    if (gauge === undefined) {
      const labelNames = Object.keys(labels);
      const about = { name: `rondo_${name}`, help, labelNames, registers: [registry] };
      gauge = grows === true ? new prom.Counter(about) : new prom.Gauge(about);
      pulled.set(name, gauge);
    }
    gauge.inc(labels, value);
  }
}
