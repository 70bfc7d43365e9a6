import type { FileClass } from '../balance/file-class.ts';
import type { Outcome } from '../balance/outcome.ts';
import { afterFirstByte, afterPart, usualLatencyMs, type BodyPart } from '../balance/pace.ts';
import { cut, grown } from '../balance/slots.ts';
import type { Mirror } from './mirror.ts';
import type { MirrorsSettings } from './settings.ts';

type At = { readonly nowMs: number; readonly settings: MirrorsSettings };

/** An attempt that has not been answered by the soft limit is known to be slow. */
export const LATE: Outcome = { class: 'http', cause: 'slow-header', detail: 'late' };

/** Failures that mean that there was too much at once, perhaps. */
const CONGESTION: ReadonlySet<Outcome['cause']> = new Set([
  'connect-timeout',
  'tls-timeout',
  'header-timeout',
  'slow-header',
  'reset',
  'rate-limited',
  'overload',
]);

/** What the end of an attempt's wait for its first byte, after `ms`, says of the mirror's speed and slots. */
export function learnFirstByte(
  mirror: Mirror,
  fileClass: FileClass,
  { outcome, ms }: { readonly outcome: Outcome; readonly ms: number },
  { nowMs, settings }: At,
): void {
  const { tauMs } = settings.pace;
  const isAnswered = isAnswer(outcome) || outcome === LATE;
  if (isAnswered || isLateFailure(mirror, fileClass, { outcome, ms }, nowMs, tauMs))
    mirror.pace = afterFirstByte(mirror.pace, fileClass, ms, { nowMs, tauMs });
  if (isAnswered) {
    mirror.latency.add(ms, nowMs);
    mirror.latencyOf[fileClass].add(ms, nowMs);
  }
  // Of one that is only late nobody knows yet whose doing that is (doubts.ts).
  if (outcome === LATE) return;
  if (CONGESTION.has(outcome.cause)) learnCongestion(mirror, { nowMs, settings });
  else if (isAnswer(outcome)) mirror.slots = grown(mirror.slots, settings.slots);
}

/** There was too much for it at once, perhaps. */
export function learnCongestion(mirror: Mirror, { nowMs, settings }: At): void {
  mirror.slots = cut(mirror.slots, nowMs, settings.slots);
}

/** What a part of a body says of the mirror's speed; its answer had come at `answeredAtMs`. */
export function learnBody(
  mirror: Mirror,
  { fileClass, answeredAtMs }: { readonly fileClass: FileClass; readonly answeredAtMs: number },
  part: BodyPart,
  { nowMs, settings }: At,
): void {
  const at = { nowMs, tauMs: settings.pace.tauMs, answeredAtMs };
  mirror.pace = afterPart(mirror.pace, fileClass, part, at);
}

/** A failure that takes longer than an answer costs whoever waits as much as a slow answer, whatever it says. */
function isLateFailure(
  { pace }: Mirror,
  fileClass: FileClass,
  { outcome, ms }: { readonly outcome: Outcome; readonly ms: number },
  nowMs: number,
  tauMs: number,
): boolean {
  const latency = usualLatencyMs(pace, fileClass, nowMs, tauMs);
  return outcome.class === 'http' && latency !== undefined && ms > latency;
}

/** Errors often come fast, a Rondo's without its own mirrors too: only an answer, or what comes later than one, says how fast a mirror is. */
function isAnswer({ class: found, cause }: Outcome): boolean {
  return found === 'ok' || (found === 'neutral' && cause !== 'superseded' && cause !== 'unable');
}
