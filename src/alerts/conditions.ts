/** What people are told of. */
export type AlertKind = 'mirror-down' | 'outage' | 'integrity' | 'sync-lag' | 'certificate' | 'disk' | 'test';

/** Something that is not as it ought to be, right now. */
export type Condition = {
  readonly kind: AlertKind;
  /** The mirror, the database, the certificate's file, the folder, or `network`. */
  readonly subject: string;
  /** One line for people. */
  readonly message: string;
};

/** What is told of a condition: that it holds (`firing`), and once it is over (`resolved`). Milliseconds of the clock of the looks; Unix milliseconds once it is on its way. */
export type Alert = Condition & {
  /** The same in both messages of one alert, and in no other. */
  readonly id: string;
  readonly state: 'firing' | 'resolved';
  readonly sinceMs: number;
  /** Of one that is resolved: when it was last seen. */
  readonly untilMs?: number | undefined;
  /** The how-manieth alert of this condition within a day. */
  readonly count: number;
};

/** How a condition stands that was seen. */
type Standing =
  /** It holds, and nobody was told yet. */
  | { readonly kind: 'suspected'; readonly sinceMs: number }
  /** It was told. `goneSinceMs`: it does not hold, which nobody was told yet. */
  | {
      readonly kind: 'told';
      readonly id: string;
      readonly sinceMs: number;
      readonly lastMs: number;
      readonly goneSinceMs?: number | undefined;
    }
  /** It is over, and remembered for those that come back. */
  | { readonly kind: 'over' };

/** A condition that was seen. `firedMs`: when it was told within a day. */
export type Seen = {
  readonly condition: Condition;
  readonly standing: Standing;
  readonly firedMs: readonly number[];
};

/** All that were seen, by kind and subject. Plain data. */
export type SeenConditions = ReadonlyMap<string, Seen>;

/** Nothing was seen. */
export const NOTHING_SEEN: SeenConditions = new Map();

/** How long a mirror is down or lags before that is told, and anything is gone before that is, milliseconds. */
export type Patience = { readonly afterMs: number; readonly clearMs: number };

/** What comes and goes by itself; of all else people are told at once. */
const HESITANT: ReadonlySet<AlertKind> = new Set<AlertKind>(['mirror-down', 'outage', 'sync-lag']);
const DAY_MS = 24 * 3_600_000;
/** However often a condition has come back. */
const LONGEST_CLEAR_MS = 6 * 3_600_000;

/** What a look comes to. */
export type AfterLook = { readonly seen: SeenConditions; readonly alerts: readonly Alert[] };

/**
 * What follows from the conditions of `nowMs`: what is to be told, and what was seen by then. `newId` names each alert.
 * Each alert of a condition within a day doubles the time for which it has to be gone before that is told, so that what
 * flaps is one long alert and not a hundred. Pure.
 */
export function afterLook(
  seen: SeenConditions,
  conditions: readonly Condition[],
  nowMs: number,
  patience: Patience,
  newId: () => string,
): AfterLook {
  const next = new Map<string, Seen>();
  const alerts: Alert[] = [];
  const keep = (key: string, { seen: own, alert }: Step): void => {
    if (own.standing.kind !== 'over' || own.firedMs.length > 0) next.set(key, own);
    if (alert !== undefined) alerts.push(alert);
  };
  const present = new Map(conditions.map((condition) => [keyOf(condition), condition]));
  for (const [key, condition] of present) {
    const before = seen.get(key) ?? { condition, standing: { kind: 'over' }, firedMs: [] };
    // What was told keeps its words: its end is to be known by them.
    const own = before.standing.kind === 'told' ? before : { ...before, condition };
    keep(key, ifPresent(own, nowMs, patience, newId));
  }
  for (const [key, before] of seen) if (!present.has(key)) keep(key, ifGone(before, nowMs, patience));
  return { seen: next, alerts };
}

/** A condition's key among those that were seen. */
export function keyOf({ kind, subject }: Condition): string {
  return `${kind} ${subject}`;
}

type Step = { readonly seen: Seen; readonly alert?: Alert };

function ifPresent(
  { condition, standing, firedMs }: Seen,
  nowMs: number,
  patience: Patience,
  newId: () => string,
): Step {
  if (standing.kind === 'told') {
    return { seen: { condition, firedMs, standing: { ...standing, lastMs: nowMs, goneSinceMs: undefined } } };
  }
  const sinceMs = standing.kind === 'suspected' ? standing.sinceMs : nowMs;
  const afterMs = HESITANT.has(condition.kind) ? patience.afterMs : 0;
  if (nowMs - sinceMs < afterMs)
    return { seen: { condition, firedMs, standing: { kind: 'suspected', sinceMs } } };
  const id = newId();
  const fired = [...lately(firedMs, nowMs), nowMs];
  const alert: Alert = { ...condition, id, state: 'firing', sinceMs, count: fired.length };
  const message = condition.message + flapWords(fired, patience);
  return {
    seen: { condition, firedMs: fired, standing: { kind: 'told', id, sinceMs, lastMs: nowMs } },
    alert: { ...alert, message },
  };
}

function ifGone({ condition, standing, firedMs }: Seen, nowMs: number, patience: Patience): Step {
  const over = { condition, firedMs: lately(firedMs, nowMs), standing: { kind: 'over' } } as const;
  // What nobody was told of is forgotten at once: it has to hold without a break.
  if (standing.kind !== 'told') return { seen: over };
  const { id, sinceMs, lastMs: untilMs, goneSinceMs = nowMs } = standing;
  if (nowMs - goneSinceMs < clearMsOf(firedMs, patience))
    return { seen: { condition, firedMs, standing: { ...standing, goneSinceMs } } };
  const message = `over: ${condition.message}`;
  return {
    seen: over,
    alert: { ...condition, message, id, state: 'resolved', sinceMs, untilMs, count: firedMs.length },
  };
}

function lately(firedMs: readonly number[], nowMs: number): number[] {
  return firedMs.filter((atMs) => nowMs - atMs < DAY_MS);
}

function clearMsOf({ length }: readonly number[], { clearMs }: Patience): number {
  return Math.max(clearMs, Math.min(LONGEST_CLEAR_MS, clearMs * 2 ** (length - 1)));
}

/** Why its end may be told late. */
function flapWords(firedMs: readonly number[], patience: Patience): string {
  if (firedMs.length < 2) return '';
  const minutes = Math.ceil(clearMsOf(firedMs, patience) / 60_000);
  return ` (${firedMs.length} times within a day: told as over after ${minutes} min without it)`;
}
