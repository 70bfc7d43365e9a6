import type { Mirrors } from './mirrors/mirrors.ts';
import type { Proxy } from './proxy/proxy.ts';
import type { DiskStore } from './store/disk-store.ts';
import type { GaugeReading } from './telemetry/metrics.ts';

/** What is read at each scrape of the metrics: the state of the mirrors, the flights and the copy at that moment. */
export function readGauges(mirrors: Mirrors, proxy: Proxy, store: DiskStore): GaugeReading[] {
  const flights = reading('flights', 'Upstream fetches under way', {}, proxy.flights());
  return [flights, ...mirrorGauges(mirrors), ...storeGauges(store)];
}

function mirrorGauges(mirrors: Mirrors): GaugeReading[] {
  return mirrors.views().flatMap(({ name, weight, score, inFlight, connectionsOpen }) => {
    const labels = { mirror: name };
    return [
      reading('mirror_weight', 'Weight in the round robin: base weight x score', labels, weight),
      reading('mirror_score', 'Health score, 0.1 to 1', labels, score),
      reading('mirror_in_flight', 'Visits under way', labels, inFlight),
      reading('mirror_connections', 'Open connections', labels, connectionsOpen),
    ];
  });
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
