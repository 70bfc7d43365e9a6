import type { Outcome } from '../../src/balance/outcome.ts';
import type { Clock } from '../../src/kit/clock.ts';
import { sleep } from '../../src/kit/clock.ts';
import {
  BodyError,
  type AttemptAnswer,
  type AttemptRequest,
  type RestRequest,
  type Upstream,
} from '../../src/upstream/attempt.ts';

/** What a scripted mirror does with one request. */
export type Line =
  | {
      readonly do: 'answer';
      readonly afterMs?: number;
      readonly body?: string | Buffer;
      /** The body breaks after this many of its bytes, by default because the connection does. */
      readonly breaksAfter?: number;
      readonly breaksBy?: Outcome;
      /** It has a strong validator. */
      readonly validator?: string;
      /** It sends the rest of a file to whoever asks for that. */
      readonly ranges?: boolean;
      /** Bytes at a time, and the time before each; default 4 at once. */
      readonly chunkBytes?: number;
      readonly paceMs?: number;
      /** After so many bytes it is silent, for so long; 10 s, which is the default, break it. */
      readonly pauseAt?: number;
      readonly pauseMs?: number;
      /** The body has no Content-Length. */
      readonly unannounced?: boolean;
    }
  | { readonly do: 'other'; readonly afterMs?: number; readonly outcome: Outcome; readonly words?: string }
  | { readonly do: 'hang' };

/** A mirror of the upstream port, for decisions in virtual time; what is on the wire is tested with real servers. */
export type ScriptedUpstream = Upstream & {
  readonly asked: AttemptRequest[];
  /** Requests that ended because Rondo did not need them any more. */
  cancelled: number;
  /** Bodies that were given back or dropped. */
  dropped: number;
  /** Whether its connections were to be closed. */
  closed: boolean;
  script: (request: AttemptRequest, nth: number) => Line;
};

const CANCELLED: Outcome = { class: 'neutral', cause: 'superseded', detail: 'cancelled' };
const OTHER_FILE: Outcome = { class: 'neutral', cause: 'server-error', detail: 'another file' };
const IDLE: Outcome = { class: 'http', cause: 'body-idle', detail: 'no byte for 10 s' };
const IDLE_LIMIT_MS = 10_000;
const RESET: Outcome = { class: 'http', cause: 'reset', detail: 'connection reset' };

/** Answers each request as `script` says, on `clock`. */
export function scriptedUpstream(
  clock: Clock,
  script: ScriptedUpstream['script'],
  maxConnections: number = Infinity,
): ScriptedUpstream {
  const upstream: ScriptedUpstream = {
    asked: [],
    cancelled: 0,
    dropped: 0,
    closed: false,
    script,
    async attempt(request, signal) {
      const line = upstream.script(request, upstream.asked.push(request));
      try {
        const waitMs = line.do === 'hang' ? request.headerLimitMs : (line.afterMs ?? 0);
        await sleep(clock, Math.min(waitMs, request.headerLimitMs), signal);
        if (waitMs >= request.headerLimitMs) return headerTimeout();
      } catch (error) {
        upstream.cancelled += 1;
        throw error;
      }
      return answerOf(line, request.rest, clock, () => (upstream.dropped += 1));
    },
    maxConnections,
    connections: () => ({ open: 0, opened: 0 }),
    close() {
      upstream.closed = true;
      return Promise.resolve();
    },
  };
  return upstream;
}

function answerOf(
  line: Line,
  rest: RestRequest | undefined,
  clock: Clock,
  onDrop: () => void,
): AttemptAnswer {
  if (line.do === 'hang') return headerTimeout();
  const timing = { reused: false, firstByteMs: line.afterMs ?? 0 };
  if (line.do === 'other') {
    return {
      kind: 'other',
      outcome: line.outcome,
      timing,
      ...(line.words === undefined ? {} : { words: line.words }),
    };
  }
  const bytes = Buffer.from(line.body ?? 'body');
  const startBytes = line.ranges === true ? startOf(bytes, line.validator, rest) : undefined;
  if (startBytes === 'other-file') return { kind: 'other', outcome: OTHER_FILE, otherFile: true, timing };
  const drop = new AbortController();
  return {
    kind: 'found',
    status: startBytes === undefined ? 200 : 206,
    headers: line.ranges === true ? { 'accept-ranges': 'bytes' } : {},
    ...(line.unannounced === true ? {} : { contentLength: bytes.length }),
    ...(startBytes === undefined ? {} : { startBytes }),
    ...(line.validator === undefined ? {} : { validator: line.validator }),
    body: chunksOf(bytes.subarray(startBytes ?? 0), line, clock, drop.signal),
    cancel: () => {
      onDrop();
      drop.abort();
    },
    timing,
  };
}

/** As upstream/rest-of-file.ts judges a mirror that knows ranges. */
function startOf(
  bytes: Buffer,
  validator: string | undefined,
  rest: RestRequest | undefined,
): number | 'other-file' | undefined {
  if (rest === undefined) return undefined;
  if (rest.validator !== undefined) return rest.validator === validator ? rest.fromBytes : undefined;
  return rest.totalBytes === bytes.length ? rest.fromBytes : 'other-file';
}

async function* chunksOf(
  bytes: Buffer,
  line: Line & { do: 'answer' },
  clock: Clock,
  dropped: AbortSignal,
): AsyncGenerator<Buffer> {
  const { breaksAfter = Infinity, breaksBy = RESET, chunkBytes = 4, paceMs = 0 } = line;
  const { pauseAt = Infinity, pauseMs = IDLE_LIMIT_MS } = line;
  const end = Math.min(bytes.length, breaksAfter);
  let paused = false;
  for (let at = 0; at < end; at += chunkBytes) {
    const pauses: boolean = at >= pauseAt && !paused;
    paused ||= pauses;
    const waitMs = paceMs + (pauses ? pauseMs : 0);
    if (waitMs > 0) await sleep(clock, Math.min(waitMs, IDLE_LIMIT_MS), dropped).catch(() => undefined);
    if (dropped.aborted) throw new BodyError(CANCELLED);
    if (waitMs >= IDLE_LIMIT_MS) throw new BodyError(IDLE);
    yield bytes.subarray(at, Math.min(at + chunkBytes, end));
  }
  if (breaksAfter < bytes.length) throw new BodyError(breaksBy);
}

function headerTimeout(): AttemptAnswer {
  const outcome: Outcome = { class: 'http', cause: 'header-timeout', detail: 'no answer in time' };
  return { kind: 'other', outcome, timing: { reused: false } };
}
