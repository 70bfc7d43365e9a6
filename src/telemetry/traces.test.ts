import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startOtlpReceiver } from '../../test/support/otlp-receiver.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { createBus } from '../events/bus.ts';
import type { RondoEvent } from '../events/events.ts';
import type { TraceContext } from '../kit/trace-place.ts';
import type { TraceTarget } from './otlp-export.ts';
import { createTraces, type Traces } from './traces.ts';

const REQUEST = {
  type: 'request',
  id: 'r-1',
  method: 'GET',
  path: '/example.org/m/@v/v1.0.0.mod',
  kind: 'mod',
  status: 503,
  bytes: 10,
  durationMs: 250,
  aborted: false,
  error: 'tried https://bob:hunter2@mirror.example/',
} satisfies RondoEvent;

const ALL = { sample: 1, sampledByClient: 'never', scheme: 'https' } as const;

function targetAt(url: string): TraceTarget {
  return { url: `${url}/v1/traces`, headers: {}, service: 's', version: '1', instanceId: 'i' };
}

/** The place of a request in a trace of its own. */
function placeIn(traces: Traces): TraceContext {
  const place = traces.begin({}, () => true);
  assert.ok(place !== undefined);
  return place;
}

/** How many spans were sent, failed and were dropped. */
function counts(traces: Traces): Record<string, number> {
  return Object.fromEntries(traces.readings().map(({ labels, value }) => [labels['result'], value]));
}

test('a span has the times of its event, however late the libraries are there, and no secret', async (t) => {
  const collector = await startOtlpReceiver(t);
  const bus = createBus(assert.ifError);
  const clock = new VirtualClock();
  const target = targetAt(collector.url);
  const traces = createTraces({ subscribe: bus.subscribe, emit: bus.emit, clock, target, ...ALL });
  const trace = placeIn(traces);
  const endMs = clock.wallMs();
  bus.emit({ ...REQUEST, trace });
  bus.emit({ ...REQUEST, kind: 'other', trace });
  bus.emit({ ...REQUEST, trace: { ...trace, sampled: false } });
  await clock.advance(60_000);
  await traces.close();
  assert.equal(collector.spans.length, 1);
  const [span] = collector.spans;
  assert.deepEqual([span?.traceId, span?.spanId, span?.status], [trace.traceId, trace.spanId, 2]);
  assert.equal(span?.endNs, BigInt(endMs) * 1_000_000n);
  assert.equal(span.startNs, BigInt(endMs - 250) * 1_000_000n);
  assert.doesNotMatch(JSON.stringify(span.attributes), /hunter2/);
  assert.equal(span.attributes['url.scheme'], 'https');
  assert.deepEqual(counts(traces), { sent: 1, failed: 0, dropped: 0 });
});

test('what a mirror or a client says is cut in a span, however long it is', async (t) => {
  const collector = await startOtlpReceiver(t);
  const bus = createBus(assert.ifError);
  const target = targetAt(collector.url);
  const clock = new VirtualClock();
  const traces = createTraces({ subscribe: bus.subscribe, emit: bus.emit, clock, target, ...ALL });
  const long = 'x'.repeat(100_000);
  bus.emit({ ...REQUEST, error: long, path: `/${long}`, trace: placeIn(traces) });
  await traces.close();
  const [span] = collector.spans;
  assert.equal(span?.statusMessage, 'x'.repeat(1024));
  for (const [name, value] of Object.entries(span.attributes)) assert.ok(String(value).length <= 1024, name);
});

test('a key in the query of its URL is in nothing that is told of a collector', async (t) => {
  const collector = await startOtlpReceiver(t);
  const bus = createBus(assert.ifError);
  const told: string[] = [];
  bus.subscribe((event) => event.type === 'notice' && told.push(event.message));
  const target = { ...targetAt(collector.url), url: `${collector.url}/v1/traces?apikey=hunter2` };
  const clock = new VirtualClock();
  collector.answer(400);
  const traces = createTraces({ subscribe: bus.subscribe, emit: bus.emit, clock, target, ...ALL });
  bus.emit({ ...REQUEST, trace: placeIn(traces) });
  await traces.close();
  const [message = '', ...more] = told;
  assert.deepEqual(more, []);
  assert.ok(message.startsWith(`traces cannot be sent to ${collector.url}/v1/traces?***: `), message);
  assert.doesNotMatch(message, /hunter2/);
});

test('spans that nobody has taken yet are bounded, and the others counted', async (t) => {
  const collector = await startOtlpReceiver(t);
  const bus = createBus(assert.ifError);
  const target = targetAt(collector.url);
  const clock = new VirtualClock();
  const traces = createTraces({ subscribe: bus.subscribe, emit: bus.emit, clock, target, ...ALL });
  for (let at = 0; at < 3000; at += 1) bus.emit({ ...REQUEST, trace: placeIn(traces) });
  await traces.close();
  assert.equal(collector.spans.length, 2048);
  assert.deepEqual(counts(traces), { sent: 2048, failed: 0, dropped: 952 });
});

test('so are those that the library drops', async (t) => {
  const collector = await startOtlpReceiver(t);
  const bus = createBus(assert.ifError);
  const target = targetAt(collector.url);
  const clock = new VirtualClock();
  const traces = createTraces({ subscribe: bus.subscribe, emit: bus.emit, clock, target, ...ALL });
  await traces.load();
  // In one turn of the event loop, so that one batch of 512 is on its way and 2048 wait.
  for (let at = 0; at < 3000; at += 1) bus.emit({ ...REQUEST, trace: placeIn(traces) });
  await traces.close();
  assert.equal(collector.spans.length, 2560);
  assert.deepEqual(counts(traces), { sent: 2560, failed: 0, dropped: 440 });
});

test('and those that a collector refuses', async (t) => {
  const collector = await startOtlpReceiver(t);
  collector.answer(400);
  const bus = createBus(assert.ifError);
  const target = targetAt(collector.url);
  const clock = new VirtualClock();
  const traces = createTraces({ subscribe: bus.subscribe, emit: bus.emit, clock, target, ...ALL });
  for (let at = 0; at < 3; at += 1) bus.emit({ ...REQUEST, trace: placeIn(traces) });
  await traces.close();
  assert.deepEqual(counts(traces), { sent: 0, failed: 3, dropped: 0 });
});

test('whether a client decides of its trace depends on where it is, as configured', () => {
  const bus = createBus(assert.ifError);
  const target = targetAt('http://127.0.0.1:9');
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const sampled = (sampledByClient: 'never' | 'loopback' | 'always'): (boolean | undefined)[] => {
    const given = { ...ALL, sample: 0, sampledByClient };
    const clock = new VirtualClock();
    const traces = createTraces({ subscribe: bus.subscribe, emit: bus.emit, clock, target, ...given });
    return [true, false].map((isLocal) => traces.begin({ traceparent }, () => isLocal)?.sampled);
  };
  assert.deepEqual(sampled('never'), [false, false]);
  assert.deepEqual(sampled('loopback'), [true, false]);
  assert.deepEqual(sampled('always'), [true, true]);
});

test('a collector that is silent keeps nobody from stopping', async (t) => {
  const bus = createBus(assert.ifError);
  const clock = new VirtualClock();
  // Nobody listens at the discard port; what is tried again is not waited for.
  const target = targetAt('http://127.0.0.1:9');
  const traces = createTraces({ subscribe: bus.subscribe, emit: bus.emit, clock, target, ...ALL });
  bus.emit({ ...REQUEST, trace: placeIn(traces) });
  const closing = traces.close();
  t.after(() => closing);
  await clock.advance(2_000);
  await closing;
});
