import type { Counter, Registry } from 'prom-client';
import type { RondoEvent } from '../events/events.ts';
import type { Prom } from './instruments.ts';
import type { Sink } from './late-sink.ts';

/** Who may be counted by them. */
export type Suspects = { readonly mirrors: readonly string[]; readonly databases: readonly string[] };

/** The counters of what hardly ever happens, and has to be told the first time. */
export type AlarmCounters = {
  readonly sink: Sink;
  /** Has a counter, 0 until something happens, for each of these; those of whoever was among them once, and is no more, go. */
  readonly keep: (suspects: Suspects) => void;
};

type SecurityKind = Extract<RondoEvent, { type: 'security' }>['kind'];

const SECURITY_KINDS: Readonly<Record<SecurityKind, true>> = { fork: true, unproven: true };

/**
 * The counters of wrong content and of doubts about a database. Prometheus's `increase` does not see the first event of a
 * series that begins with it, so these exist before anything has happened.
 */
export function createAlarmCounters(prom: Prom, registry: Registry): AlarmCounters {
  const registers = [registry];
  const integrity = new prom.Counter({
    name: 'rondo_integrity_failures_total',
    help: 'Files with wrong content',
    labelNames: ['mirror'],
    registers,
  });
  const security = new prom.Counter({
    name: 'rondo_security_errors_total',
    help: 'Times at which a checksum database itself was in doubt',
    labelNames: ['database', 'kind'],
    registers,
  });
  const keepMirrors = createKeeper(integrity, (mirror) => [{ mirror }]);
  const keepDatabases = createKeeper(security, (database) =>
    Object.keys(SECURITY_KINDS).map((kind) => ({ database, kind })),
  );
  return {
    sink(event) {
      if (event.type === 'integrity') integrity.inc({ mirror: event.mirror });
      if (event.type === 'security') security.inc({ database: event.database, kind: event.kind });
    },
    keep({ mirrors, databases }) {
      keepMirrors(mirrors);
      keepDatabases(databases);
    },
  };
}

/** Configurations that are read again name few others; what is told late of one that has gone goes at the next reading. */
function createKeeper<L extends string>(
  counter: Counter<L>,
  seriesOf: (name: string) => Partial<Record<L, string>>[],
): (names: readonly string[]) => void {
  const ever = new Set<string>();
  return (names) => {
    for (const name of names) {
      ever.add(name);
      for (const labels of seriesOf(name)) counter.inc(labels, 0);
    }
    for (const name of ever)
      if (!names.includes(name)) for (const labels of seriesOf(name)) counter.remove(labels);
  };
}
