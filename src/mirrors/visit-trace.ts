import type { RondoEvent } from '../events/events.ts';
import { remotePath } from '../gomod/remote-path.ts';
import { isLocalhostName } from '../kit/address.ts';
import { traceHeaders } from '../kit/trace-context.ts';
import type { TraceContext } from '../kit/trace-place.ts';
import { isPublicAddress } from '../upstream/address.ts';
import type { AttemptRequest, AttemptTiming } from '../upstream/attempt.ts';
import type { Question } from './answer.ts';
import type { Mirror } from './mirror.ts';
import type { MirrorsSettings, Propagation } from './settings.ts';

type VisitEvent = Extract<RondoEvent, { type: 'visit' }>;

/** The headers that go on to a mirror: Via, and the trace where there is one that it may hear of. */
export function onwardHeaders(
  { via }: Pick<Question, 'via'>,
  { spec }: Pick<Mirror, 'spec'>,
  trace: TraceContext | undefined,
  { propagate }: Pick<MirrorsSettings, 'propagate'>,
): Pick<AttemptRequest, 'headers' | 'ownHeaders'> {
  return {
    ...(via === undefined ? {} : { headers: { via } }),
    ...(trace !== undefined && hears(spec.endpoint.url, propagate)
      ? { ownHeaders: traceHeaders(trace) }
      : {}),
  };
}

/** Names that no public DNS has (RFC 6762, RFC 8375, and ICANN's `internal`), and those without a dot. */
const OWN_NAME = /^[^.]+$|\.(?:internal|local|home\.arpa)$/;

/**
 * Whether a mirror hears of the traces of requests. Strangers would learn from it which of their requests belong to one
 * build, also between each other, and from `tracestate` whom else that build has to do with.
 */
function hears({ hostname }: URL, propagate: Propagation): boolean {
  if (propagate !== 'own') return propagate === 'all';
  const host = hostname.replace(/\.$/, '');
  // As URL writes them.
  if (/^\[|^\d+\.\d+\.\d+\.\d+$/.test(host)) return !isPublicAddress(host);
  return OWN_NAME.test(host) || isLocalhostName(host);
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
