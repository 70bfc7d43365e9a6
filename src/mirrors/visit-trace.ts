import type { RondoEvent } from '../events/events.ts';
import { remotePath } from '../gomod/remote-path.ts';
import { traceHeaders } from '../kit/trace-context.ts';
import type { TraceContext } from '../kit/trace-place.ts';
import type { AttemptTiming } from '../upstream/attempt.ts';
import type { Question } from './answer.ts';
import type { Mirror } from './mirror.ts';

type VisitEvent = Extract<RondoEvent, { type: 'visit' }>;

/** The headers that go on to a mirror: Via, and the trace where there is one. */
export function onwardHeaders(
  { via }: Question,
  trace: TraceContext | undefined,
): { readonly headers?: Readonly<Record<string, string>> } {
  if (via === undefined && trace === undefined) return {};
  return {
    headers: { ...(via === undefined ? {} : { via }), ...(trace === undefined ? {} : traceHeaders(trace)) },
  };
}

/** What is told of a visit beside how it ended: how long its connection took, and its place in a trace. */
export function visitDetails(
  { file, method }: Question,
  { spec }: Mirror,
  trace: TraceContext | undefined,
  timing: AttemptTiming | undefined,
): Pick<VisitEvent, 'connectMs' | 'tlsMs' | 'trace' | 'request'> {
  const { connectMs, tlsMs } = timing ?? {};
  const url = (): string => spec.endpoint.url.href.replace(/\/$/, '') + remotePath(file);
  return {
    ...(connectMs === undefined ? {} : { connectMs }),
    ...(connectMs === undefined || tlsMs === undefined ? {} : { tlsMs: tlsMs - connectMs }),
    ...(trace === undefined ? {} : { trace, request: { method, url: url() } }),
  };
}
