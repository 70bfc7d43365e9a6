import type { Outage } from '../balance/outage.ts';
import { standing, type Standing, type Status } from '../balance/standing.ts';
import { standingWords, type StandingWords } from '../balance/standing-words.ts';
import type { Mirror } from './mirror.ts';
import type { MirrorsSettings } from './settings.ts';

type At = { readonly outage: Outage; readonly nowMs: number; readonly settings: MirrorsSettings };

/** How a mirror stands: by what was ordered, by an outage of this machine, and else by its own health. */
export function standingOf(mirror: Mirror, { outage, nowMs, settings }: At): Standing {
  if (mirror.excluded !== undefined) return out('UNHEALTHY', 0);
  const { drainedUntilMs: untilMs } = mirror.orders;
  if (untilMs !== undefined) return out('DRAINED', 0, untilMs);
  if (outage.kind === 'outage') return out('OUTAGE', settings.balance.scoreFloor);
  return standing(mirror.state, nowMs, settings.balance);
}

/** Why it stands so, and what would change that. */
export function wordsOf(mirror: Mirror, { outage, nowMs, settings }: At): StandingWords {
  if (mirror.excluded !== undefined)
    return { why: mirror.excluded, next: { words: 'another configuration: it is left out for good' } };
  const { drainedUntilMs: untilMs } = mirror.orders;
  if (untilMs !== undefined) {
    const at = untilMs === Infinity ? {} : { atMs: untilMs };
    return { why: 'taken out by an order to this server', next: { words: DRAINED_NEXT, ...at } };
  }
  if (outage.kind === 'outage') return { why: outage.why, next: { words: OUTAGE_NEXT } };
  return standingWords(mirror.state, nowMs, settings.balance);
}

const OUTAGE_NEXT = 'the first answer of any mirror ends it for all; each is probed every second';
const DRAINED_NEXT = 'the end of that time, or rondo mirrors drain --for 0s, brings it back';

function out(status: Status, score: number, untilMs = Infinity): Standing {
  const until = untilMs === Infinity ? {} : { untilMs };
  return { eligible: false, trial: false, status, score, ...until };
}
