import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import { startCollector } from '../support/otel-collector.ts';
import { startOtlpReceiver } from '../support/otlp-receiver.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { until } from '../support/until.ts';
import { startApp } from './traced-app.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CLIENT = 'b7ad6b7169203331';
const FILE = '/example.com/leaf/@v/v1.0.0.mod';
const FROM_CLIENT = {
  traceparent: `00-${TRACE}-${CLIENT}-01`,
  tracestate: 'vendor=1',
  baggage: 'user=alice',
};

test('a collector gets one trace of a request, with the mirrors that were asked as spans', async (t) => {
  const collector = await startOtlpReceiver(t);
  const { app, url, good } = await startApp(t, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=s3cret%20one',
    OTEL_SERVICE_NAME: 'proxy-of-the-team',
  });
  assert.equal((await fetchRaw(url + FILE, { headers: FROM_CLIENT })).status, 200);
  assert.equal((await fetchRaw(`${url}/healthz`)).status, 200);
  await app.drain();

  const [request, flight, verify] = ['GET /{module}/@v/{version}.mod', 'flight mod', 'verify mod'].map(
    (name) => {
      const found = collector.spans.filter((span) => span.name === name);
      assert.equal(found.length, 1, name);
      return found[0];
    },
  );
  const visits = collector.spans.filter((span) => span.name === 'GET');
  assert.equal(collector.spans.length, 5, "one each and two visits: Rondo's own pages are none");
  for (const span of collector.spans) assert.equal(span.traceId, TRACE);
  assert.deepEqual([request?.parentSpanId, request?.kind, request?.status], [CLIENT, 2, 0]);
  assert.equal(flight?.parentSpanId, request?.spanId);
  assert.equal(verify?.parentSpanId, flight?.spanId);
  assert.deepEqual(
    visits.map((span) => [
      span.parentSpanId,
      span.kind,
      span.status,
      span.attributes['http.response.status_code'],
    ]),
    [
      [flight?.spanId, 3, 2, 503],
      [flight?.spanId, 3, 0, 200],
    ],
  );
  const [failed, answered] = visits;
  assert.equal(failed?.attributes['error.type'], 'overload');
  assert.equal(answered?.attributes['url.full'], good.url + FILE);
  assert.equal(answered?.attributes['server.port'], good.port);
  assert.equal(request?.attributes['url.path'], FILE);
  assert.equal(request?.attributes['http.response.status_code'], 200);
  for (const span of [failed, answered, flight, verify, request]) {
    assert.ok(span !== undefined && span.startNs <= span.endNs);
  }
  assert.deepEqual(
    ['service.name', 'service.version'].map((name) => collector.resource()[name]),
    ['proxy-of-the-team', '9.8.7'],
  );
  assert.equal(collector.headers()['api-key'], 's3cret one');

  const asked = (await good.requests()).filter(({ path }) => path === FILE);
  assert.deepEqual(
    asked.map(({ headers }) => [headers['traceparent'], headers['tracestate'], headers['baggage']]),
    [[`00-${TRACE}-${answered?.spanId}-01`, 'vendor=1', undefined]],
  );
});

await testWith(['collector'], "OpenTelemetry's own collector gets it, too", async (context) => {
  const t = reverseCleanup(context);
  const collector = await startCollector(t);
  const { app, url } = await startApp(t, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  assert.equal((await fetchRaw(url + FILE, { headers: FROM_CLIENT })).status, 200);
  await app.drain();
  await until('it has written all of it down', () => Promise.resolve(collector.spans().length >= 5));
  const spans = collector.spans();
  const [request, flight, verify] = ['GET /{module}/@v/{version}.mod', 'flight mod', 'verify mod'].map(
    (name) => spans.find((span) => span.name === name),
  );
  const visits = spans.filter(({ name }) => name === 'GET');
  assert.equal(spans.length, 5);
  for (const { traceId } of spans) assert.equal(traceId, TRACE);
  assert.deepEqual([request?.parentId, request?.kind, request?.status], [CLIENT, 'Server', 'Unset']);
  assert.deepEqual([flight?.parentId, verify?.parentId], [request?.spanId, flight?.spanId]);
  assert.deepEqual(
    visits.map(({ parentId, kind, status, attributes }) => [
      parentId,
      kind,
      status,
      attributes['http.response.status_code'],
    ]),
    [
      [flight?.spanId, 'Client', 'Error', 'Int(503)'],
      [flight?.spanId, 'Client', 'Unset', 'Int(200)'],
    ],
  );
});

test('without a collector nothing of a trace goes out or is told, whatever a client sends', async (t) => {
  const { app, url, bad, good, events } = await startApp(t, {});
  assert.equal((await fetchRaw(url + FILE, { headers: FROM_CLIENT })).status, 200);
  await app.drain();
  const asked = [...(await bad.requests()), ...(await good.requests())];
  assert.ok(asked.some(({ path }) => path === FILE));
  for (const { headers } of asked) {
    for (const name of ['traceparent', 'tracestate', 'baggage']) assert.equal(headers[name], undefined);
  }
  assert.deepEqual(
    events.filter((event) => 'trace' in event),
    [],
  );
});

test('a trace that its beginner, who is followed, does not sample goes on to mirrors as such, and to no collector', async (t) => {
  const collector = await startOtlpReceiver(t);
  const { app, url, good } = await startApp(t, {
    RONDO_TELEMETRY_TRACES: `${collector.url}/v1/traces`,
    RONDO_TELEMETRY_SAMPLED_BY_CLIENT: 'loopback',
  });
  const traceparent = `00-${TRACE}-${CLIENT}-00`;
  assert.equal((await fetchRaw(url + FILE, { headers: { traceparent } })).status, 200);
  await app.drain();
  const asked = (await good.requests()).find(({ path }) => path === FILE);
  assert.match(String(asked?.headers['traceparent']), new RegExp(`^00-${TRACE}-[\\da-f]{16}-00$`));
  assert.deepEqual(collector.spans, []);
});

test('mirrors hear nothing of traces where they are not to, and the collector gets them all the same', async (t) => {
  const collector = await startOtlpReceiver(t);
  const { app, url, bad, good } = await startApp(t, {
    RONDO_TELEMETRY_TRACES: `${collector.url}/v1/traces`,
    RONDO_TELEMETRY_PROPAGATE: 'never',
  });
  assert.equal((await fetchRaw(url + FILE, { headers: FROM_CLIENT })).status, 200);
  await app.drain();
  for (const { headers } of [...(await bad.requests()), ...(await good.requests())])
    assert.deepEqual([headers['traceparent'], headers['tracestate']], [undefined, undefined]);
  assert.equal(collector.spans.filter(({ kind, traceId }) => kind === 3 && traceId === TRACE).length, 2);
});

test('a client that asks for its trace to be sent has no say unless it is given one', async (t) => {
  const collector = await startOtlpReceiver(t);
  const env = { RONDO_TELEMETRY_TRACES: `${collector.url}/v1/traces`, RONDO_TELEMETRY_SAMPLE: '0' };
  const { app, url, good } = await startApp(t, env);
  assert.equal((await fetchRaw(url + FILE, { headers: FROM_CLIENT })).status, 200);
  await app.drain();
  const asked = (await good.requests()).find(({ path }) => path === FILE);
  assert.match(String(asked?.headers['traceparent']), new RegExp(`^00-${TRACE}-[\\da-f]{16}-00$`));
  assert.deepEqual(collector.spans, []);
});

test('what is in no trace and is not sampled is followed nowhere, neither in events nor by mirrors', async (t) => {
  const collector = await startOtlpReceiver(t);
  const env = { RONDO_TELEMETRY_TRACES: `${collector.url}/v1/traces`, RONDO_TELEMETRY_SAMPLE: '0' };
  const { app, url, bad, good, events } = await startApp(t, env);
  assert.equal((await fetchRaw(url + FILE)).status, 200);
  await app.drain();
  assert.ok(events.some(({ type }) => type === 'flight'));
  assert.deepEqual(
    events.filter((event) => 'trace' in event),
    [],
  );
  for (const { headers } of [...(await bad.requests()), ...(await good.requests())])
    assert.equal(headers['traceparent'], undefined);
  assert.deepEqual(collector.spans, []);
});

test('a collector that refuses hurts no request, and is told once', async (t) => {
  const collector = await startOtlpReceiver(t);
  collector.answer(400);
  const { app, url, events } = await startApp(t, { RONDO_TELEMETRY_TRACES: `${collector.url}/v1/traces` });
  assert.equal((await fetchRaw(url + FILE)).status, 200);
  await app.drain();
  const told = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  assert.deepEqual(
    told
      .filter((message) => message.startsWith('traces'))
      .map((message) => message.replace(collector.url, 'URL').replace(/: .*/, '')),
    ['traces cannot be sent to URL/v1/traces'],
  );
});
