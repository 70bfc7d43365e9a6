import type { RondoEvent } from '../events/events.ts';
import type { TraceContext } from '../kit/trace-place.ts';
import { redact } from './redact.ts';

/** What an event says of one span; names and attributes by OpenTelemetry's semantic conventions, Rondo's own below `rondo.`. */
export type SpanFacts = {
  readonly trace: TraceContext;
  readonly name: string;
  /** A request of a client, one to a mirror, or work in between. */
  readonly kind: 'server' | 'client' | 'internal';
  readonly durationMs: number;
  readonly attributes: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Why it failed; absent where it did not. */
  readonly failed?: string;
  /** When something of note happened, from its beginning. */
  readonly moments: readonly { readonly name: string; readonly atMs: number }[];
};

/** Whether a sampled span is told by this event. Cheap: it is asked of every event. */
export function isSpan(event: RondoEvent): boolean {
  return 'trace' in event && event.trace?.sampled && !('kind' in event && event.kind === 'other');
}

/** What clients speak with Rondo. */
export type Scheme = 'http' | 'https';

/** The span that an event tells; undefined for all that are none. Rondo's own pages are none. */
export function spanOf(event: RondoEvent, scheme: Scheme): SpanFacts | undefined {
  if (!isSpan(event) || !('trace' in event) || event.trace === undefined) return undefined;
  switch (event.type) {
    case 'request':
      return { trace: event.trace, ...requestSpan(event, scheme) };
    case 'visit':
      return { trace: event.trace, ...visitSpan(event) };
    case 'flight':
      return { trace: event.trace, ...flightSpan(event) };
    case 'verdict':
      return { trace: event.trace, ...verdictSpan(event) };
  }
}

type Of<T extends RondoEvent['type']> = Extract<RondoEvent, { type: T }>;
type Facts = Omit<SpanFacts, 'trace'>;

/** Routes as the GOPROXY protocol has them; the file of a database has its own path. */
const ROUTES: Readonly<Record<string, string>> = {
  list: '/{module}/@v/list',
  info: '/{module}/@v/{version}.info',
  mod: '/{module}/@v/{version}.mod',
  zip: '/{module}/@v/{version}.zip',
  query: '/{module}/@v/{query}.info',
  latest: '/{module}/@latest',
};

function requestSpan(event: Of<'request'>, scheme: Scheme): Facts {
  const route = ROUTES[event.kind] ?? '/sumdb/{database}/{file}';
  const isCut = event.aborted && event.error !== undefined;
  const failed = event.status >= 500 || isCut ? redact(event.error ?? String(event.status)) : undefined;
  return {
    name: `${event.method} ${route}`,
    kind: 'server',
    durationMs: event.durationMs,
    moments: [],
    attributes: {
      'http.request.method': event.method,
      'url.path': redact(event.path),
      'url.scheme': scheme,
      'http.route': route,
      'http.response.status_code': event.status,
      'http.response.body.size': event.bytes,
      'error.type': failed === undefined ? undefined : (event.code ?? String(event.status)),
      'rondo.request.id': event.id,
      'rondo.cache': event.cache,
      'rondo.mirror': event.mirror,
    },
    ...(failed === undefined ? {} : { failed }),
  };
}

function visitSpan(event: Of<'visit'>): Facts {
  const { outcome, request } = event;
  const isFailure = outcome.class !== 'ok' && outcome.class !== 'neutral';
  const url = request === undefined ? undefined : URL.parse(request.url);
  const firstByteMs = event.firstByteMs;
  return {
    name: request?.method ?? 'visit',
    kind: 'client',
    durationMs: event.durationMs,
    moments: firstByteMs === undefined ? [] : [{ name: 'first byte', atMs: firstByteMs }],
    attributes: {
      'http.request.method': request?.method,
      'url.full': url?.href,
      'server.address': url?.hostname,
      'server.port': url === undefined || url === null ? undefined : portOf(url),
      'http.response.status_code': outcome.status,
      'http.response.body.size': event.bytes,
      'error.type': isFailure ? outcome.cause : undefined,
      'rondo.mirror': event.mirror,
      'rondo.outcome': outcome.class,
      'rondo.cause': outcome.cause,
      'rondo.revisit': event.revisit,
      'rondo.file.kind': event.kind,
    },
    ...(isFailure ? { failed: redact(outcome.detail) } : {}),
  };
}

function portOf(url: URL): number {
  const usual = url.protocol === 'https:' ? 443 : 80;
  return url.port === '' ? usual : Number(url.port);
}

function flightSpan(event: Of<'flight'>): Facts {
  return {
    name: `flight ${event.kind}`,
    kind: 'internal',
    durationMs: event.durationMs,
    moments: [],
    attributes: {
      'rondo.file.kind': event.kind,
      'rondo.file': event.key,
      'rondo.mirror': event.mirror,
      'rondo.resumed': event.resumed,
      'rondo.received.size': event.upstreamBytes,
    },
    ...(event.ok ? {} : { failed: redact(event.error ?? '') }),
  };
}

function verdictSpan(event: Of<'verdict'>): Facts {
  return {
    name: `verify ${event.kind}`,
    kind: 'internal',
    durationMs: event.durationMs,
    moments: [],
    attributes: {
      'rondo.file.kind': event.kind,
      'rondo.mirror': event.mirror,
      'rondo.judgement': event.judgement,
      'rondo.file.size': event.bytes,
    },
    ...(event.judgement === 'right' ? {} : { failed: event.judgement }),
  };
}
