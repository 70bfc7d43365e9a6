import type { Outcome } from '../balance/outcome.ts';
import type { Clock } from '../kit/clock.ts';
import type { Upstream } from '../upstream/attempt.ts';
import { explainCause, type Explanation } from '../upstream/explain-cause.ts';
import type { TlsFacts } from '../upstream/tls-facts.ts';
import { probe } from './probe.ts';
import { readSyncTime } from './sync-time.ts';

/** What a few probes of one mirror found. Durations in milliseconds. */
export type Measurement = {
  /** `works`: the right answer came; `reached`: some answer did (404, 403, 429, …); `failed`: none, or a wrong one. */
  readonly grade: 'works' | 'reached' | 'failed';
  /** How often it was asked, and how often of that without an answer that counts as reached. */
  readonly asked: number;
  readonly failures: number;
  /** The outcome that `grade` is of. */
  readonly outcome: Outcome;
  readonly explanation: Explanation;
  /** The last failure, where it worked at other times. */
  readonly trouble?: Outcome;
  /** To the first byte: over a new connection, and the middle one over a connection that stood. */
  readonly coldMs?: number;
  readonly warmMs?: number;
  readonly tls?: TlsFacts;
  /** Unix time in milliseconds, where the mirror tells it. */
  readonly syncedAtMs?: number;
};

/** How a mirror is measured. */
export type MeasureLimits = {
  readonly clock: Clock;
  /** For one probe, up to its headers. */
  readonly probeMs: number;
  /** For all of it. */
  readonly wholeMs: number;
};

/** One over a new connection, two over the same again. */
const PROBES = 3;

/**
 * Asks a mirror for `path` a few times and for its sync time once. Whoever does not answer at all is not asked
 * again: that would only take longer. Never rejects.
 */
export async function measure(
  upstream: Upstream,
  path: string,
  { clock, probeMs, wholeMs }: MeasureLimits,
): Promise<Measurement> {
  const over = new AbortController();
  const timer = clock.after(wholeMs, () => over.abort(new Error('the time is over')));
  const endMs = clock.now() + wholeMs;
  const seen: Seen = { outcomes: [], coldMs: [], warmMs: [], tls: undefined };
  try {
    for (let count = 0; count < PROBES && !over.signal.aborted; count += 1) {
      const { outcome, timing } = await probe(upstream, path, { limitMs: probeMs, clock }, over.signal);
      seen.outcomes.push(over.signal.aborted ? tooLate(wholeMs) : outcome);
      seen.tls ??= timing.tls;
      if (outcome.status === undefined) break;
      if (timing.firstByteMs !== undefined)
        (timing.reused ? seen.warmMs : seen.coldMs).push(timing.firstByteMs);
    }
    const leftMs = endMs - clock.now();
    const reached = seen.outcomes.some((outcome) => gradeOf(outcome) !== 'failed');
    if (!reached || leftMs <= 0) return measurementOf(seen);
    const syncedAtMs = await readSyncTime(upstream, leftMs, clock, over.signal);
    return { ...measurementOf(seen), ...(syncedAtMs === undefined ? {} : { syncedAtMs }) };
  } finally {
    timer.cancel();
  }
}

type Seen = {
  readonly outcomes: Outcome[];
  readonly coldMs: number[];
  readonly warmMs: number[];
  tls: TlsFacts | undefined;
};

function measurementOf({ outcomes, coldMs, warmMs, tls }: Seen): Measurement {
  const failed = outcomes.filter((outcome) => gradeOf(outcome) === 'failed');
  const best =
    outcomes.findLast((outcome) => gradeOf(outcome) === 'works') ??
    outcomes.findLast((outcome) => gradeOf(outcome) === 'reached') ??
    failed.at(-1) ??
    tooLate(0);
  const trouble = gradeOf(best) === 'failed' ? undefined : failed.at(-1);
  const cold = middle(coldMs);
  const warm = middle(warmMs);
  return {
    grade: gradeOf(best),
    asked: outcomes.length,
    failures: failed.length,
    outcome: best,
    explanation: explainCause(best.cause),
    ...(trouble === undefined ? {} : { trouble }),
    ...(cold === undefined ? {} : { coldMs: cold }),
    ...(warm === undefined ? {} : { warmMs: warm }),
    ...(tls === undefined ? {} : { tls }),
  };
}

/** As probes of a running server judge (selection.md, "Probes"), but a mirror that is Rondo itself does not count. */
function gradeOf(outcome: Outcome): Measurement['grade'] {
  if (outcome.class === 'ok') return 'works';
  const isAnswer = outcome.class === 'neutral' || outcome.class === 'rate-limited';
  return isAnswer && outcome.cause !== 'loop' ? 'reached' : 'failed';
}

function tooLate(wholeMs: number): Outcome {
  return { class: 'http', cause: 'header-timeout', detail: `no answer within ${wholeMs / 1000} s` };
}

/** The median, the upper one of two. */
function middle(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
