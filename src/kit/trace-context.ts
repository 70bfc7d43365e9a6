import { AsyncLocalStorage } from 'node:async_hooks';
import { randomFillSync } from 'node:crypto';
import type { TraceContext, TraceHeaders } from './trace-place.ts';

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** Longer ones of later versions are nobody's. */
const MAX_TRACEPARENT = 512;
/** What everybody must be able to pass on (W3C Trace Context, 3.3.1.5), and how many members there may be. */
const MAX_STATE = 512;
const MAX_MEMBERS = 32;
const MEMBER = /^[a-z\d][a-z\d_\-*/@]{0,255}=[ -+\--<>-~]{0,255}[!-+\--<>-~]$/;

const scope = new AsyncLocalStorage<TraceContext>();

/** Runs `task`, and all that comes of it, at this place of a trace; without one just runs it. */
export function inTrace<T>(trace: TraceContext | undefined, task: () => T): T {
  return trace === undefined ? task() : scope.run(trace, task);
}

/** A place below that at which the caller runs; undefined outside of all traces, and then it costs next to nothing. */
export function childTrace(): TraceContext | undefined {
  const parent = scope.getStore();
  if (parent === undefined) return undefined;
  const { traceId, spanId, sampled, state } = parent;
  const own = { traceId, spanId: newId(8), parentId: spanId, sampled };
  return state === undefined ? own : { ...own, state };
}

/**
 * The place of a request in the trace that its headers name, or at the root of a new one; undefined where it would begin
 * one that is not among the `share` of those that are sampled, of which nobody would hear. A trace of somebody else's
 * is sampled by an id of our own making, since he could choose his to be sampled, unless `follows` says that he decides.
 */
export function traceOfRequest(
  headers: TraceHeaders,
  share: number,
  follows: () => boolean = () => false,
): TraceContext | undefined {
  const { traceparent } = headers;
  const remote = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  if (remote === undefined) {
    const traceId = drawTrace(share);
    return traceId === undefined ? undefined : { traceId, spanId: newId(8), sampled: true };
  }
  const state = parseState(headers.tracestate);
  const sampled = follows() ? remote.sampled : drawTrace(share) !== undefined;
  const own = { ...remote, sampled, spanId: newId(8), isRemote: true } as const;
  return state === undefined ? own : { ...own, state };
}

/** The headers that have another program go on with the trace; nothing of the client's but what was checked. */
export function traceHeaders({ traceId, spanId, sampled, state }: TraceContext): Record<string, string> {
  const traceparent = `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
  return state === undefined ? { traceparent } : { traceparent, tracestate: state };
}

/**
 * The id of a new trace, if this share of all of them has it; undefined if not, and then it was never written out. By the
 * id, so that others decide alike: the four words of it, one over the other (the SDKs' TraceIdRatioBased).
 */
function drawTrace(share: number): string | undefined {
  if (share <= 0) return undefined;
  const at = draw(TRACE_BYTES);
  let word = 0;
  for (let each = at; each < at + TRACE_BYTES; each += 4) word ^= pool.readInt32BE(each);
  if (share < 1 && word >>> 0 >= share * 0xffff_ffff) return undefined;
  return textOf(at, TRACE_BYTES) ?? newId(TRACE_BYTES);
}

function parseTraceparent(
  header: TraceHeaders['traceparent'],
): (Pick<TraceContext, 'traceId' | 'sampled'> & { parentId: string }) | undefined {
  if (typeof header !== 'string' || header.length > MAX_TRACEPARENT) return undefined;
  const [, version, traceId = '', parentId = '', flags = '', rest] = TRACEPARENT.exec(header.trim()) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
  return { traceId, parentId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Undefined where any of it is wrong: then none of it may be passed on. */
function parseState(header: TraceHeaders['tracestate']): string | undefined {
  const text = typeof header === 'string' ? header : (header?.join(',') ?? '');
  if (text.length > MAX_STATE) return undefined;
  const members = text
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  const keys = new Set(members.map((member) => member.slice(0, member.indexOf('='))));
  if (members.length === 0 || members.length > MAX_MEMBERS || keys.size < members.length) return undefined;
  return members.every((member) => MEMBER.test(member)) ? members.join(',') : undefined;
}

const TRACE_BYTES = 16;
/** Asking the system for each id would cost more than all else of a trace that is not sampled. */
const pool = Buffer.alloc(8192);
let used = pool.length;

function newId(bytes: number): string {
  for (;;) {
    const id = textOf(draw(bytes), bytes);
    if (id !== undefined) return id;
  }
}

/** Where in the pool so many new random bytes are. */
function draw(bytes: number): number {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return used - bytes;
}

/** Undefined where they are all zero, which is no id. */
function textOf(at: number, bytes: number): string | undefined {
  const id = pool.toString('hex', at, at + bytes);
  return /^0+$/.test(id) ? undefined : id;
}
