import type { Outcome } from '../../src/balance/outcome.ts';
import type { Random } from '../../src/kit/random.ts';
import type { Behaviour, Fate } from './sim-mirror.ts';

/** What a healthy mirror takes, half the time, and how far that spreads (log-normally: 1 in 100 takes 1.8 times). */
const MEDIAN_MS = 40;
const SPREAD = 0.25;
const ZIP: Body = { bytes: 2 * 1024 * 1024, bytesPerS: 20 * 1024 * 1024 };

const OUTCOMES: Readonly<Record<Failure, Outcome>> = {
  overload: { class: 'http', cause: 'overload', status: 503, detail: '503 Service Unavailable' },
  serverError: { class: 'http', cause: 'server-error', status: 500, detail: '500 Internal Server Error' },
  reset: { class: 'http', cause: 'reset', detail: 'connection reset' },
  noRoute: { class: 'local', cause: 'network-down', detail: 'no route from this machine (ENETUNREACH)' },
  softNotFound: { class: 'http', cause: 'soft-not-found', status: 404, detail: '404 Not Found, for now' },
  notFound: { class: 'neutral', cause: 'not-found', status: 404, detail: '404 Not Found' },
};

/** How a mirror can fail. */
export type Failure = 'overload' | 'serverError' | 'reset' | 'noRoute' | 'softNotFound' | 'notFound';

type Body = { readonly bytes: number; readonly bytesPerS: number };

/** Answers as a healthy mirror does, `medianMs` away. */
export function good(medianMs: number = MEDIAN_MS): Behaviour {
  return ({ random, zip }) => ({
    do: 'answer',
    afterMs: medianMs * spread(random),
    ...(zip ? { body: ZIP } : {}),
  });
}

/** Answers well, but each time after `ms`. */
export function slow(ms: number): Behaviour {
  return ({ random }) => ({ do: 'answer', afterMs: ms * (1 + 0.02 * random()) });
}

/** Takes requests and never answers. */
export const hangs: Behaviour = () => ({ do: 'hang' });

/** Answers well, but zips come at `bytesPerS`. */
export function throttled(bytesPerS: number): Behaviour {
  return (at) => {
    const fate = good()(at);
    return fate.do === 'answer' && at.zip ? { ...fate, body: { ...ZIP, bytesPerS } } : fate;
  };
}

/** Fails in one of these ways, at once or after `ms`. */
export function fails(how: Failure, ms = 5): Behaviour {
  return ({ random }) => failure(OUTCOMES[how], ms * spread(random));
}

/** A good mirror, but what lies on one server meets `bad`. */
export function withHungOrigin(bad: Behaviour): Behaviour {
  return (at) => (at.path.startsWith('/hung.example/') ? bad(at) : good()(at));
}

/** Says 429, and when to come back. */
export function limits(retryAfterMs: number): Behaviour {
  const detail = '429 Too Many Requests';
  return () =>
    failure({ class: 'rate-limited', cause: 'rate-limited', status: 429, retryAfterMs, detail }, 5);
}

/** Answers requests, not probes, with a small file that is wrong, which takes `forMs` to come. */
export function lies(forMs: number): Behaviour {
  const body = { bytes: 4, bytesPerS: 4000 / forMs };
  return (at) => {
    const fate = good()(at);
    return fate.do === 'answer' && !at.probe ? { ...fate, body, wrong: true } : fate;
  };
}

/** `share` of the requests meet `bad`, the others `fine`. */
export function mixed(share: number, bad: Behaviour, fine: Behaviour = good()): Behaviour {
  return (at) => (at.random() < share ? bad(at) : fine(at));
}

/** Each `n`th request meets `bad`: never two in a row, and never more in any while. */
export function eachNth(n: number, bad: Behaviour, fine: Behaviour = good()): Behaviour {
  let asked = 0;
  return (at) => (!at.probe && (asked += 1) % n === 0 ? bad(at) : fine(at));
}

/** `bad` from one second to another, else `fine`. */
export function between(fromS: number, toS: number, bad: Behaviour, fine: Behaviour = good()): Behaviour {
  return (at) => (at.nowMs >= fromS * 1000 && at.nowMs < toS * 1000 ? bad(at) : fine(at));
}

/** `bad` for the first half of each `periodMs`. */
export function flapping(periodMs: number, bad: Behaviour): Behaviour {
  return (at) => (at.nowMs % periodMs < periodMs / 2 ? bad(at) : good()(at));
}

/** Another behaviour every few seconds, by chance. */
export function chaotic(choices: readonly Behaviour[], untilS: number): Behaviour {
  let untilMs = 0;
  let now = good();
  return (at) => {
    if (at.nowMs >= untilS * 1000) return good()(at);
    if (at.nowMs >= untilMs) {
      untilMs = at.nowMs + 500 + at.random() * 8000;
      now = choices[Math.floor(at.random() * choices.length)] ?? now;
    }
    return now(at);
  };
}

function failure(outcome: Outcome, afterMs: number): Fate {
  return { do: 'fail', afterMs, outcome };
}

function spread(random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(SPREAD * normal);
}
