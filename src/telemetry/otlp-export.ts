import * as api from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  type BufferConfig,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import { redact } from './redact.ts';
import type { SpanFacts } from './spans.ts';

/** Where spans go, and who sends them. */
export type TraceTarget = {
  readonly url: string;
  /** Secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly service: string;
  readonly version: string;
  readonly instanceId: string;
};

/** A running export. */
export type TraceExport = {
  /** Takes a span that ended at `endMs`, Unix milliseconds. */
  write(span: SpanFacts, endMs: number): void;
  /** Sends what waits, or gives it up. Never rejects. */
  close(): Promise<void>;
};

/** Counts spans by what became of them. */
export type CountSpans = (result: 'sent' | 'failed' | 'dropped', spans: number) => void;

/** Paths come from clients, and what mirrors answered from mirrors. */
const MAX_TEXT = 1024;

const KINDS: Readonly<Record<SpanFacts['kind'], api.SpanKind>> = {
  server: api.SpanKind.SERVER,
  client: api.SpanKind.CLIENT,
  internal: api.SpanKind.INTERNAL,
};

/**
 * Sends spans by OTLP over HTTP as JSON, in batches, again where the protocol says so. At most 2048 wait, unless
 * OTEL_BSP_MAX_QUEUE_SIZE says otherwise; the SDK drops what comes beyond that, which `count` hears. `tell` hears of each batch: why it could
 * not be sent, or undefined where it was. What of OTEL_… is about batches, time-outs, compression, certificates and
 * resources the SDK reads itself.
 */
export function openExport(
  target: TraceTarget,
  tell: (why: string | undefined) => void,
  count: CountSpans,
): TraceExport {
  const { url, headers } = target;
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers } });
  // Its type has not what it takes.
  const settings: BufferConfig & { selfObsMeterProvider: api.MeterProvider } = {
    selfObsMeterProvider: meterOf(count),
  };
  const next = { traceId: '', spanId: '' };
  const provider = new BasicTracerProvider({
    resource: detectResources({ detectors: [envDetector] }).merge(
      resourceFromAttributes({
        'service.name': target.service,
        'service.version': target.version,
        'service.instance.id': target.instanceId,
      }),
    ),
    // Whoever began the trace has decided.
    sampler: new AlwaysOnSampler(),
    // The ids were given out before: mirrors have heard of them.
    idGenerator: { generateTraceId: () => next.traceId, generateSpanId: () => next.spanId },
    spanLimits: { attributeValueLengthLimit: MAX_TEXT },
    spanProcessors: [new BatchSpanProcessor(watched(exporter, tell, count), settings)],
  });
  const tracer = provider.getTracer('rondo', target.version);
  return {
    write(facts, endMs) {
      const { trace, name, kind } = facts;
      Object.assign(next, { traceId: trace.traceId, spanId: trace.spanId });
      const startMs = endMs - facts.durationMs;
      const attributes: api.Attributes = {};
      for (const [key, value] of Object.entries(facts.attributes))
        if (value !== undefined) attributes[key] = value;
      const options = { kind: KINDS[kind], startTime: timeOf(startMs), attributes };
      finish(tracer.startSpan(name, options, parentOf(trace)), facts, startMs, endMs);
    },
    close: () => provider.shutdown().catch(() => undefined),
  };
}

function parentOf({ traceId, parentId, isRemote, state }: SpanFacts['trace']): api.Context {
  if (parentId === undefined) return api.ROOT_CONTEXT;
  return api.trace.setSpanContext(api.ROOT_CONTEXT, {
    traceId,
    spanId: parentId,
    traceFlags: api.TraceFlags.SAMPLED,
    isRemote: isRemote === true,
    ...(state === undefined ? {} : { traceState: api.createTraceState(state) }),
  });
}

function finish(span: api.Span, { moments, failed }: SpanFacts, startMs: number, endMs: number): void {
  for (const { name, atMs } of moments) span.addEvent(name, timeOf(startMs + atMs));
  if (failed !== undefined) {
    // The SDK bounds attributes alone.
    span.setStatus({ code: api.SpanStatusCode.ERROR, message: failed.slice(0, MAX_TEXT) });
  }
  span.end(timeOf(endMs));
}

/** The only place where the SDK says that it drops a span. */
function meterOf(count: CountSpans): api.MeterProvider {
  const meter = api.createNoopMeter();
  const counter: api.Counter = {
    add(spans, attributes) {
      if (attributes?.['error.type'] === 'queue_full') count('dropped', spans);
    },
  };
  return { getMeter: () => Object.assign(meter, { createCounter: () => counter }) };
}

function watched(
  exporter: SpanExporter,
  tell: (why: string | undefined) => void,
  count: CountSpans,
): SpanExporter {
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        // 0 is success (ExportResultCode of @opentelemetry/core).
        const code: number = result.code;
        const isSent = code === 0;
        count(isSent ? 'sent' : 'failed', spans.length);
        tell(isSent ? undefined : redact(result.error?.message ?? String(code)));
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

/** Not a number, which the API takes for a monotonic time where it is small. */
function timeOf(unixMs: number): api.HrTime {
  const seconds = Math.floor(unixMs / 1000);
  return [seconds, Math.round((unixMs - seconds * 1000) * 1e6)];
}
