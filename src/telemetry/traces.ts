import type { Emit, RondoEvent } from '../events/events.ts';
import { notice } from '../events/notice.ts';
import { messageOf } from '../errors/rondo-error.ts';
import type { Clock } from '../kit/clock.ts';
import { inTime } from '../kit/in-time.ts';
import { traceOfRequest } from '../kit/trace-context.ts';
import type { TraceContext, TraceHeaders } from '../kit/trace-place.ts';
import { say } from '../words/text.ts';
import type { Subscribe } from './late-sink.ts';
import type { CountSpans, TraceExport, TraceTarget } from './otlp-export.ts';
import type { GaugeReading } from './metrics.ts';
import { isSpan, spanOf, type Scheme } from './spans.ts';

/** Traces of requests, sent to a collector. */
export type Traces = {
  /** The place of a request in the trace that its headers name, or in a new one; undefined where it is in none. `isLocal`: its client is on this machine. */
  begin(headers: TraceHeaders, isLocal: () => boolean): TraceContext | undefined;
  /** What became of the spans, for the metrics. */
  readings(): GaugeReading[];
  /** Loads OpenTelemetry's libraries ahead of the first span. Never rejects. */
  load(): Promise<void>;
  /** Sends what waits, for at most CLOSE_MS, and ends. */
  close(): Promise<void>;
};

/** What traces are made of. */
export type TracesOptions = {
  readonly subscribe: Subscribe;
  readonly emit: Emit;
  readonly clock: Clock;
  readonly target: TraceTarget;
  /** What clients speak. */
  readonly scheme: Scheme;
  /** The share that is sent, … */
  readonly sample: number;
  /** … unless the client decides. */
  readonly sampledByClient: 'never' | 'loopback' | 'always';
};

/** Spans from before the libraries are there; later ones are bounded in the library (otlp-export.ts). */
const MAX_WAITING = 2048;
/** A collector that is not there keeps nobody from stopping. */
const CLOSE_MS = 2_000;

/** A span's event, and when it ended. */
type Ended = { readonly event: RondoEvent; readonly endMs: number };

/**
 * Traces from now on: each request of a module file is one, with its flight, the mirrors that were asked and the
 * verification as spans. A sink like any other: a collector that fails is told once, spans beyond what may wait are
 * dropped and counted, and no request notices.
 */
export function createTraces(options: TracesOptions): Traces {
  const { subscribe, emit, clock, target, sample, sampledByClient, scheme } = options;
  const counts = { sent: 0, failed: 0, dropped: 0 };
  const count: CountSpans = (result, spans) => {
    counts[result] += spans;
  };
  let waiting: Ended[] = [];
  let opened: TraceExport | undefined;
  let loading: Promise<void> | undefined;
  const write = ({ event, endMs }: Ended, open: TraceExport): void => {
    const span = spanOf(event, scheme);
    if (span !== undefined) open.write(span, endMs);
  };
  const unsubscribe = subscribe((event) => {
    if (!isSpan(event)) return;
    const ended = { event, endMs: clock.wallMs() };
    if (opened !== undefined) write(ended, opened);
    else if (waiting.length < MAX_WAITING) waiting.push(ended);
    else count('dropped', 1);
  });
  const open = async (): Promise<void> => {
    try {
      // A file of its own in the bundle (scripts/building/bundle.ts): who sends no traces reads none of it.
      const { openExport } = await import('./otlp-export.ts');
      const loaded = openExport(target, createTeller(emit, target.url), count);
      for (const ended of waiting) write(ended, loaded);
      opened = loaded;
    } catch (error) {
      unsubscribe();
      count('dropped', waiting.length);
      emit(cannotSend(target.url, messageOf(error)));
    }
    waiting = [];
  };
  const load = (): Promise<void> => (loading ??= open());
  return {
    begin(headers, isLocal) {
      const follows = (): boolean =>
        sampledByClient === 'always' || (sampledByClient === 'loopback' && isLocal());
      return traceOfRequest(headers, sample, follows);
    },
    readings: () => readingsOf(counts),
    load,
    async close() {
      unsubscribe();
      if (waiting.length === 0 && loading === undefined) return;
      await inTime(
        load().then(() => opened?.close()),
        CLOSE_MS,
        clock,
      );
    },
  };
}

function readingsOf(counts: Readonly<Record<string, number>>): GaugeReading[] {
  const help = 'Spans of traces, by what became of them: dropped ones found no room to wait';
  return Object.entries(counts).map(([result, value]) => {
    return { name: 'trace_spans_total', help, labels: { result }, value, grows: true };
  });
}

/** Tells of the first export that fails, and of the first that does not fail after that. */
function createTeller(emit: Emit, target: string): (why: string | undefined) => void {
  const url = shownUrl(target);
  let isFailing = false;
  return (why) => {
    if ((why !== undefined) === isFailing) return;
    isFailing = why !== undefined;
    const again = (): RondoEvent => notice('info', say('traces are sent to {url} again', { url }));
    emit(why === undefined ? again() : cannotSend(target, why));
  };
}

function cannotSend(target: string, reason: string): RondoEvent {
  const url = shownUrl(target);
  const why = reason.replaceAll(target, url);
  return notice('warn', say('traces cannot be sent to {url}: {why}', { url, why }));
}

/** Without a query, in which there may be a key. */
function shownUrl(url: string): string {
  return url.replace(/[?#].*$/, '?***');
}
