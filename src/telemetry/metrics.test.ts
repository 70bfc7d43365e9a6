import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBus } from '../events/bus.ts';
import type { RondoEvent } from '../events/events.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { createMetrics, type GaugeReading, type Metrics } from './metrics.ts';

const REQUEST: RondoEvent = {
  type: 'request',
  id: 'r-1',
  method: 'GET',
  path: '/secret.example/m/@v/v1.0.0.mod',
  kind: 'mod',
  status: 200,
  cache: 'hit',
  mirror: 'a',
  bytes: 10,
  durationMs: 3,
  aborted: false,
};
const VISIT: RondoEvent = {
  type: 'visit',
  mirror: 'a',
  kind: 'zip',
  probe: false,
  revisit: false,
  outcome: { class: 'ok', cause: 'ok', detail: '200' },
  durationMs: 50,
  firstByteMs: 20,
  bytes: 1000,
};

function fixture(t: { after(fn: () => void): void }) {
  const bus = createBus(assert.ifError);
  const metrics = createMetrics(bus.subscribe, new VirtualClock());
  t.after(() => metrics.close());
  return { bus, metrics };
}

/** The samples of the metrics whose names begin with `prefix`, as `name{labels}` -> value. */
async function samples(metrics: Metrics, prefix: string): Promise<Record<string, number>> {
  const { text } = await metrics.scrape();
  const found: Record<string, number> = {};
  for (const line of text.split('\n')) {
    const space = line.lastIndexOf(' ');
    if (line.startsWith(prefix) && !line.includes('_bucket'))
      found[line.slice(0, space)] = Number(line.slice(space + 1));
  }
  return found;
}

test('requests are counted by kind, status and cache, and never by path', async (t) => {
  const { bus, metrics } = fixture(t);
  bus.emit(REQUEST);
  bus.emit(REQUEST);
  await metrics.load();
  bus.emit({ ...REQUEST, status: 404, cache: 'miss', durationMs: 2000 });
  bus.emit({
    type: 'request',
    id: 'r-2',
    method: 'GET',
    path: '/',
    kind: 'other',
    status: 499,
    bytes: 0,
    durationMs: 1,
    aborted: true,
  });
  assert.deepEqual(await samples(metrics, 'rondo_request'), {
    'rondo_requests_total{kind="mod",status="200",cache="hit"}': 2,
    'rondo_requests_total{kind="mod",status="404",cache="miss"}': 1,
    'rondo_requests_total{kind="other",status="499",cache="none"}': 1,
    'rondo_request_duration_seconds_sum{kind="mod"}': 2.006,
    'rondo_request_duration_seconds_count{kind="mod"}': 3,
    'rondo_request_duration_seconds_sum{kind="other"}': 0.001,
    'rondo_request_duration_seconds_count{kind="other"}': 1,
    'rondo_requests_aborted_total{kind="other"}': 1,
  });
  assert.deepEqual(await samples(metrics, 'rondo_response'), {
    'rondo_response_bytes_total{kind="mod"}': 30,
    'rondo_response_bytes_total{kind="other"}': 0,
  });
  assert.doesNotMatch((await metrics.scrape()).text, /secret/);
});

test('visits are counted by mirror and cause, probes apart; only traffic has a first byte', async (t) => {
  const { bus, metrics } = fixture(t);
  bus.emit({ ...VISIT, connectMs: 4, tlsMs: 6 });
  bus.emit({ ...VISIT, probe: true });
  bus.emit({
    ...VISIT,
    mirror: 'b',
    outcome: { class: 'http', cause: 'reset', detail: 'ECONNRESET' },
    bytes: 7,
  });
  assert.deepEqual(await samples(metrics, 'rondo_visit'), {
    'rondo_visits_total{mirror="a",class="ok",cause="ok",probe="false"}': 1,
    'rondo_visits_total{mirror="a",class="ok",cause="ok",probe="true"}': 1,
    'rondo_visits_total{mirror="b",class="http",cause="reset",probe="false"}': 1,
    'rondo_visit_phase_seconds_sum{phase="connect"}': 0.004,
    'rondo_visit_phase_seconds_count{phase="connect"}': 1,
    'rondo_visit_phase_seconds_sum{phase="tls"}': 0.006,
    'rondo_visit_phase_seconds_count{phase="tls"}': 1,
    'rondo_visit_phase_seconds_sum{phase="first_byte"}': 0.04,
    'rondo_visit_phase_seconds_count{phase="first_byte"}': 2,
    'rondo_visit_phase_seconds_sum{phase="body"}': 0.06,
    'rondo_visit_phase_seconds_count{phase="body"}': 2,
    'rondo_visit_first_byte_seconds_sum{mirror="a"}': 0.02,
    'rondo_visit_first_byte_seconds_count{mirror="a"}': 1,
    'rondo_visit_first_byte_seconds_sum{mirror="b"}': 0.02,
    'rondo_visit_first_byte_seconds_count{mirror="b"}': 1,
  });
  assert.equal((await samples(metrics, 'rondo_mirror_bytes'))['rondo_mirror_bytes_total{mirror="b"}'], 7);
});

test('what came of reading the configuration again; until then that of the start, which was right', async (t) => {
  const { bus, metrics } = fixture(t);
  const last = async (): Promise<number | undefined> =>
    (await samples(metrics, 'rondo_config_last'))['rondo_config_last_reload_success'];
  assert.equal(await last(), 1);
  bus.emit({ type: 'reload', result: 'applied' });
  bus.emit({ type: 'reload', result: 'refused' });
  assert.equal(await last(), 0);
  bus.emit({ type: 'reload', result: 'unchanged' });
  assert.equal(await last(), 1);
  assert.deepEqual(await samples(metrics, 'rondo_config_reload'), {
    'rondo_config_reload_total{result="applied"}': 1,
    'rondo_config_reload_total{result="refused"}': 1,
    'rondo_config_reload_total{result="unchanged"}': 1,
  });
});

const RARE: readonly RondoEvent[] = [
  { type: 'eviction', files: 2, bytes: 300 },
  { type: 'index', state: 'failed' },
  { type: 'notice', level: 'warn', message: 'x' },
  { type: 'security', database: 'db', kind: 'unproven', message: 'x' },
];

test('failovers, races, flights, resumed transfers, integrity failures, evictions and notices are counted', async (t) => {
  const { bus, metrics } = fixture(t);
  bus.emit({ type: 'failover', from: 'a', to: 'b', kind: 'zip' });
  bus.emit({ type: 'race', from: 'a', to: 'b', kind: 'zip', won: true });
  bus.emit({
    type: 'flight',
    key: 'k',
    kind: 'zip',
    ok: true,
    resumed: 2,
    upstreamBytes: 500,
    durationMs: 1,
    phases: [{ name: 'ask', ms: 250 }],
  });
  bus.emit({
    ...VISIT,
    bytes: 40,
    outcome: { class: 'neutral', cause: 'superseded', detail: '' },
    probe: true,
  });
  const judged = { kind: 'zip', mirror: 'a', bytes: 1, durationMs: 1 } as const;
  bus.emit({ type: 'verdict', ...judged, judgement: 'unusable' });
  bus.emit({ type: 'flight', key: 'k', kind: 'mod', ok: false, resumed: 0, upstreamBytes: 0, durationMs: 1 });
  bus.emit({
    type: 'integrity',
    module: 'm',
    version: 'v1.0.0',
    kind: 'zip',
    mirror: 'b',
    why: 'h1 differs',
  });
  for (const event of RARE) bus.emit(event);
  const all = await samples(metrics, 'rondo_');
  // Of the process, with tests of their own (pauses.test.ts).
  for (const name of Object.keys(all)) if (/^rondo_(?:event_loop|gc)_/.test(name)) delete all[name];
  assert.deepEqual(all, {
    'rondo_failovers_total{from="a",to="b"}': 1,
    'rondo_races_total{from="a",to="b",won="true"}': 1,
    'rondo_flights_total{kind="zip",ok="true"}': 1,
    'rondo_flights_total{kind="mod",ok="false"}': 1,
    rondo_resumed_transfers_total: 2,
    'rondo_upstream_bytes_total{kind="zip"}': 500,
    'rondo_upstream_bytes_total{kind="mod"}': 0,
    'rondo_flight_phase_seconds_sum{phase="ask"}': 0.25,
    'rondo_flight_phase_seconds_count{phase="ask"}': 1,
    'rondo_verdicts_total{kind="zip",judgement="unusable"}': 1,
    'rondo_visits_total{mirror="a",class="neutral",cause="superseded",probe="true"}': 1,
    'rondo_wasted_bytes_total{mirror="a"}': 40,
    'rondo_mirror_bytes_total{mirror="a"}': 40,
    'rondo_integrity_failures_total{mirror="b"}': 1,
    rondo_store_evicted_files_total: 2,
    rondo_store_evicted_bytes_total: 300,
    'rondo_store_index_total{state="failed"}': 1,
    'rondo_notices_total{level="warn"}': 1,
    'rondo_security_errors_total{database="db",kind="unproven"}': 1,
    rondo_config_last_reload_success: 1,
  });
});

test('pulled values are read at each scrape and go when they are no longer read', async (t) => {
  const { metrics } = fixture(t);
  let readings: GaugeReading[] = [
    { name: 'mirror_weight', help: 'weight', labels: { mirror: 'a' }, value: 3 },
    { name: 'mirror_weight', help: 'weight', labels: { mirror: 'b' }, value: 1 },
    { name: 'sockets', help: 'open sockets', labels: {}, value: 7 },
    { name: 'opened_total', help: 'opened', labels: {}, value: 9, grows: true },
  ];
  metrics.gauges(() => readings);
  assert.deepEqual(await samples(metrics, 'rondo_mirror_weight'), {
    'rondo_mirror_weight{mirror="a"}': 3,
    'rondo_mirror_weight{mirror="b"}': 1,
  });
  assert.deepEqual(await samples(metrics, 'rondo_sockets'), { rondo_sockets: 7 });
  // It is what was read, and not the sum of all that was.
  assert.deepEqual(await samples(metrics, 'rondo_opened'), { rondo_opened_total: 9 });
  assert.match((await metrics.scrape()).text, /^# TYPE rondo_opened_total counter$/m);
  readings = [{ name: 'mirror_weight', help: 'weight', labels: { mirror: 'b' }, value: 2 }];
  assert.deepEqual(await samples(metrics, 'rondo_mirror_weight'), { 'rondo_mirror_weight{mirror="b"}': 2 });
});

test('the process is measured too, in the format of Prometheus', async (t) => {
  const { metrics } = fixture(t);
  const { contentType, text } = await metrics.scrape();
  assert.match(contentType, /^text\/plain; version=0\.0\.4/);
  assert.match(text, /^nodejs_eventloop_lag_p99_seconds /m);
  assert.match(text, /^process_cpu_seconds_total /m);
  assert.match((await metrics.scrape()).text, /^nodejs_eventloop_lag_p99_seconds /m);
});

test('two registries do not know each other', async (t) => {
  const one = fixture(t);
  const other = fixture(t);
  one.bus.emit(REQUEST);
  assert.notDeepEqual(await samples(one.metrics, 'rondo_requests_total'), {});
  assert.deepEqual(await samples(other.metrics, 'rondo_requests_total'), {});
});
