import type { Outcome } from '../../src/balance/outcome.ts';
import type { Random } from '../../src/kit/random.ts';
import type { AttemptAnswer, AttemptRequest, Upstream } from '../../src/upstream/attempt.ts';
import type { FastClock } from './fast-clock.ts';

/** What a simulated mirror does with one request. */
export type Fate =
  | {
      readonly do: 'answer';
      readonly afterMs: number;
      readonly body?: { readonly bytes: number; readonly bytesPerS: number };
      /** It is not what was asked for: full of `WRONG_BYTE`. */
      readonly wrong?: boolean;
    }
  | { readonly do: 'fail'; readonly afterMs: number; readonly outcome: Outcome }
  | { readonly do: 'hang' };

/** How a mirror behaves at a time; `nowMs` since the start of the run. */
export type Behaviour = (at: Moment) => Fate;

/** When, and what for. */
export type Moment = {
  readonly nowMs: number;
  readonly random: Random;
  readonly zip: boolean;
  readonly probe: boolean;
  readonly path: string;
};

const CHUNK_BYTES = 256 * 1024;
/** What wrong content is made of, and right content is not. */
export const WRONG_BYTE = 1;

/** An Upstream without sockets. `onArrival` hears of each attempt and of its end. */
export function simUpstream(
  clock: FastClock,
  behaviour: Behaviour,
  random: Random,
  onArrival: (probe: boolean, request: string) => () => void,
): Upstream {
  return {
    attempt: (request, signal) => attempt(request, signal, { clock, behaviour, random, onArrival }),
    maxConnections: Infinity,
    connections: () => ({ open: 0, opened: 0 }),
    close: () => Promise.resolve(),
  };
}

function attempt(
  request: AttemptRequest,
  signal: AbortSignal,
  world: {
    clock: FastClock;
    behaviour: Behaviour;
    random: Random;
    onArrival: (probe: boolean, request: string) => () => void;
  },
): Promise<AttemptAnswer> {
  const { clock, random } = world;
  const probe = request.path === '/probe';
  const { path } = request;
  const fate = world.behaviour({ nowMs: clock.now(), random, zip: path.endsWith('.zip'), probe, path });
  const done = world.onArrival(probe, request.headers?.['via'] ?? '');
  return new Promise((resolve, reject) => {
    const afterMs = fate.do === 'hang' ? Infinity : fate.afterMs;
    const onAbort = (): void => {
      timer.cancel();
      done();
      reject(signal.reason as Error);
    };
    const timer = clock.after(Math.min(afterMs, request.headerLimitMs), () => {
      signal.removeEventListener('abort', onAbort);
      done();
      resolve(afterMs > request.headerLimitMs || fate.do === 'hang' ? TIMED_OUT : answerOf(fate, clock));
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

const TIMED_OUT: AttemptAnswer = {
  kind: 'other',
  outcome: { class: 'http', cause: 'header-timeout', detail: 'no answer in time' },
  timing: { reused: true },
};

function answerOf(fate: Exclude<Fate, { do: 'hang' }>, clock: FastClock): AttemptAnswer {
  const timing = { reused: true, firstByteMs: fate.afterMs };
  if (fate.do === 'fail') return { kind: 'other', outcome: fate.outcome, timing };
  let dropped = false;
  return {
    kind: 'found',
    status: 200,
    headers: {},
    contentLength: fate.body?.bytes ?? 4,
    body: chunks(fate, clock, () => dropped),
    cancel: () => (dropped = true),
    timing,
  };
}

async function* chunks(
  { body, wrong = false }: Fate & { do: 'answer' },
  clock: FastClock,
  dropped: () => boolean,
): AsyncGenerator<Buffer> {
  if (body === undefined) {
    yield SMALL;
    return;
  }
  // Slow bodies come in small pieces.
  const most = Math.min(CHUNK_BYTES, Math.ceil(body.bytesPerS / 4));
  for (let left = body.bytes; left > 0 && !dropped(); left -= most) {
    const bytes = Math.min(left, most);
    await new Promise<void>((resolve) => clock.after((bytes * 1000) / body.bytesPerS, resolve));
    yield (wrong ? WRONG_CHUNK : CHUNK).subarray(0, bytes);
  }
}

const SMALL = Buffer.from('body');
const CHUNK = Buffer.alloc(CHUNK_BYTES);
const WRONG_CHUNK = Buffer.alloc(CHUNK_BYTES, WRONG_BYTE);
