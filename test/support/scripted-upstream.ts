import type { Outcome } from '../../src/balance/outcome.ts';
import type { Clock } from '../../src/kit/clock.ts';
import { sleep } from '../../src/kit/clock.ts';
import {
  BodyError,
  type AttemptAnswer,
  type AttemptRequest,
  type Upstream,
} from '../../src/upstream/attempt.ts';

/** What a scripted mirror does with one request. */
export type Line =
  | {
      readonly do: 'answer';
      readonly afterMs?: number;
      readonly body?: string | Buffer;
      /** The connection breaks after this many bytes. */
      readonly breaksAfter?: number;
      /** Bytes at a time, and the time before each; default 4 at once. */
      readonly chunkBytes?: number;
      readonly paceMs?: number;
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
  script: (request: AttemptRequest, nth: number) => Line;
};

const CANCELLED: Outcome = { class: 'neutral', cause: 'client-gone', detail: 'cancelled' };
const RESET: Outcome = { class: 'http', cause: 'reset', detail: 'connection reset' };

/** Answers each request as `script` says, on `clock`. */
export function scriptedUpstream(clock: Clock, script: ScriptedUpstream['script']): ScriptedUpstream {
  const upstream: ScriptedUpstream = {
    asked: [],
    cancelled: 0,
    dropped: 0,
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
      return answerOf(line, clock, () => (upstream.dropped += 1));
    },
    connections: () => ({ open: 0, opened: 0 }),
    close: () => Promise.resolve(),
  };
  return upstream;
}

function answerOf(line: Line, clock: Clock, onDrop: () => void): AttemptAnswer {
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
  const drop = new AbortController();
  return {
    kind: 'found',
    status: 200,
    headers: {},
    ...(line.unannounced === true ? {} : { contentLength: bytes.length }),
    body: chunksOf(bytes, line, clock, drop.signal),
    cancel: () => {
      onDrop();
      drop.abort();
    },
    timing,
  };
}

async function* chunksOf(
  bytes: Buffer,
  { breaksAfter = Infinity, chunkBytes = 4, paceMs = 0 }: Line & { do: 'answer' },
  clock: Clock,
  dropped: AbortSignal,
): AsyncGenerator<Buffer> {
  const end = Math.min(bytes.length, breaksAfter);
  for (let at = 0; at < end; at += chunkBytes) {
    if (paceMs > 0) await sleep(clock, paceMs, dropped).catch(() => undefined);
    if (dropped.aborted) throw new BodyError(CANCELLED);
    yield bytes.subarray(at, Math.min(at + chunkBytes, end));
  }
  if (breaksAfter < bytes.length) throw new BodyError(RESET);
}

function headerTimeout(): AttemptAnswer {
  const outcome: Outcome = { class: 'http', cause: 'header-timeout', detail: 'no answer in time' };
  return { kind: 'other', outcome, timing: { reused: false } };
}
