import type { ProxyServer } from './http/server.ts';
import type { MirrorView } from './mirrors/mirror-view.ts';
import type { Mirrors } from './mirrors/mirrors.ts';
import type { Proxy } from './proxy/proxy.ts';
import type { DiskStore } from './store/disk-store.ts';
import type { GaugeReading } from './telemetry/metrics.ts';

/** The running parts that are read. */
export type GaugedParts = {
  readonly server: ProxyServer;
  readonly mirrors: Mirrors;
  readonly proxy: Proxy;
  readonly store: DiskStore;
};

/** What is read at each scrape of the metrics: the state of the server, the mirrors, the flights and the copy at that moment. */
export function readGauges({ server, mirrors, proxy, store }: GaugedParts): GaugeReading[] {
  const about = 'Connections that clients have open';
  const connections = reading('client_connections', about, {}, server.connections());
  const flights = reading('flights', 'Upstream fetches under way', {}, proxy.flights());
  return [connections, flights, ...verifyGauges(proxy), ...mirrorGauges(mirrors), ...storeGauges(store)];
}

function verifyGauges({ verifier }: Proxy): GaugeReading[] {
  const { waiting, running } = verifier.load();
  return [
    reading('verify_waiting', 'Files that wait for a thread to verify them', {}, waiting),
    reading('verify_running', 'Files that a thread verifies', {}, running),
  ];
}

function mirrorGauges(mirrors: Mirrors): GaugeReading[] {
  const { queued, hedgeTokens, retryTokens } = mirrors.load();
  const views = mirrors.views();
  const eligible = views.filter((view) => view.eligible).length;
  return [
    reading(
      'requests_queued',
      'Requests that wait for a mirror with a free slot, or for the trial of one',
      {},
      queued,
    ),
    reading('mirrors_eligible', 'Mirrors that may be asked; 0: it answers from the copy alone', {}, eligible),
    reading('hedge_tokens', 'Hedges that may be begun at once', {}, hedgeTokens),
    reading('retry_tokens', 'Revisits that may be made at once', {}, retryTokens),
    ...views.flatMap(gaugesOf),
  ];
}

const UP_HELP = '1 while a mirror works: it is healthy, or on trial and well by its last three probes';

/** Every state that a mirror may be in. */
const STATES: Readonly<Record<MirrorView['status'], true>> = {
  HEALTHY: true,
  UNHEALTHY: true,
  COOLING: true,
  QUARANTINED: true,
  TRIAL: true,
  OUTAGE: true,
  DRAINED: true,
};

function gaugesOf(view: MirrorView): GaugeReading[] {
  const labels = { mirror: view.name };
  const lag = view.syncLagMs;
  return [
    ...Object.keys(STATES).map((state) => {
      const isIn = view.status === state ? 1 : 0;
      return reading('mirror_gate', '1 for the state that a mirror is in', { ...labels, state }, isIn);
    }),
    ...(view.up === undefined ? [] : [reading('mirror_up', UP_HELP, labels, view.up ? 1 : 0)]),
    reading('mirror_weight', 'Weight in the round robin: base weight x score x speed', labels, view.weight),
    reading('mirror_score', 'Health score, 0.1 to 1', labels, view.score),
    reading('mirror_speed', 'What its speed leaves of its weight, for small files', labels, view.speed.small),
    reading('mirror_in_flight', 'Visits under way', labels, view.inFlight),
    reading('mirror_waiting', 'Attempts that wait for their first byte', labels, view.waiting),
    reading('mirror_slots', 'How many of those it is given', labels, view.slots),
    reading('mirror_connections', 'Open connections', labels, view.connectionsOpen),
    {
      ...reading('mirror_connections_opened_total', 'Connections made', labels, view.connectionsOpened),
      grows: true,
    },
    ...Object.keys(BREAKERS).map((state) => {
      const isIn = view.gate === state ? 1 : 0;
      return reading('mirror_breaker', '1 for the state of its circuit breaker', { ...labels, state }, isIn);
    }),
    ...firstByteGauges(view),
    ...(lag === undefined
      ? []
      : [reading('mirror_sync_lag_seconds', 'For how long another had something newer', labels, lag / 1000)]),
  ];
}

/** Every state of a circuit breaker. */
const BREAKERS: Readonly<Record<MirrorView['gate'], true>> = { closed: true, open: true, 'half-open': true };

function firstByteGauges({ name, firstByte }: MirrorView): GaugeReading[] {
  if (firstByte === undefined) return [];
  const help = 'Time to its first byte in the last five minutes, by quantile';
  return [['0.5', firstByte.p50Ms] as const, ['0.95', firstByte.p95Ms] as const].map(([q, ms]) =>
    reading('mirror_first_byte_seconds', help, { mirror: name, q }, ms / 1000),
  );
}

function storeGauges(store: DiskStore): GaugeReading[] {
  const keeping = reading('store_keeping', '1 while new files are kept', {}, store.isKeeping() ? 1 : 0);
  const totals = store.index.knownTotals();
  if (totals === undefined) return [keeping];
  const { own, files, bytes } = totals;
  const [ours, others] = [{ budget: 'yes' }, { budget: 'no' }];
  const aboutFiles = 'Files of the copy, by whether they count against max_size';
  return [
    keeping,
    reading('store_files', aboutFiles, ours, own.files),
    reading('store_files', aboutFiles, others, files - own.files),
    reading('store_bytes', 'Their bytes', ours, own.bytes),
    reading('store_bytes', 'Their bytes', others, bytes - own.bytes),
  ];
}

function reading(name: string, help: string, labels: GaugeReading['labels'], value: number): GaugeReading {
  return { name, help, labels, value };
}
