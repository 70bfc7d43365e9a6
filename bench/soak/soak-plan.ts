import type { Random } from '../../src/kit/random.ts';
import type { Row, Turn } from '../../test/faults/rows/row.ts';
import { ROWS } from '../../test/faults/rows/rows.ts';
import type { Fault } from '../../test/support/mirror-fault.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';

/** How faults come and go. Times in milliseconds. */
export type PlanSettings = {
  readonly durationMs: number;
  /** So long is a mirror bad, and so long are all good after it. */
  readonly faultMs: number;
  readonly pauseMs: number;
  /**
   * So long after it was bad is a mirror relied on again, beside the pause. With 0 the only good one may be one that Rondo is
   * just trying again.
   */
  readonly recoveryMs: number;
  /** The first quarantine of the Rondo that is asked; it doubles. */
  readonly quarantineMs: number;
  /** Take turns in a random order, each once before any comes again. */
  readonly rows: readonly Row[];
  /** A 32-bit integer; the same one gives the same plan. */
  readonly seed: number;
};

/** A time in which a mirror is bad, or two are. */
export type Spell = {
  readonly fromMs: number;
  readonly toMs: number;
  /** Name of the row. */
  readonly row: string;
  /** Of the three, from 0. */
  readonly bad: number;
  /** As in a row; `atMs` counts from `fromMs`. */
  readonly turns: readonly Turn[];
  /** A second one that is bad as well, in a way that leaves no doubt about what the third says. */
  readonly second?: { readonly mirror: number; readonly fault: Fault };
};

/**
 * Rows in which one mirror is bad and every answer must be right. A list that is asked for the first time and comes from a
 * mirror that lags is as old as that mirror, which is no fault of who passes it on.
 */
export const SOAK_ROWS: readonly Row[] = ROWS.filter(
  ({ name, turns, sees }) =>
    name !== 'stale-list' &&
    sees === 'right' &&
    turns.length > 0 &&
    turns.every(({ mirrors }) => mirrors === 'bad'),
);

/** What is compared of a long soak is its third minute and its last one: one minute after another has the faults of that minute. */
const MINUTE_MS = 60_000;
const LONG_MS = 5 * MINUTE_MS;
const FIRST_REPEATED_MS = MINUTE_MS;
const REPEATED_MS = 2 * MINUTE_MS;
const MIRRORS = [0, 1, 2] as const;
type Place = (typeof MIRRORS)[number];
const SECONDS: readonly Fault[] = [
  { kind: 'refused' },
  { kind: 'hang' },
  { kind: 'reset' },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 500 },
];
/** Of the spells, so many have a second bad mirror. */
const SECOND_SHARE = 0.2;
/** The longest Retry-After that a mirror of a soak asks for: with 120 s there would be no other fault meanwhile. */
const RETRY_AFTER_S = 5;
/** What its waiting takes longer than it was bad or has asked for. */
const COOLING_MARGIN_MS = 2000;
/** A quarantine doubles so often at the most (balance/observe.ts). */
const DOUBLINGS = 6;

/**
 * Says which mirror is bad when, and how. There is always one that is good and that Rondo may ask: whoever cools down or has
 * lied is asked nothing until that is over (docs/design/selection.md), so that it is no mirror to rely on. The last two
 * minutes of a long soak have the faults of the second and the third, at the same mirrors wherever the good one of then may
 * be relied on again: what is held then differs by the time alone (connections to a mirror stay for half a minute). Pure.
 */
export function soakPlan(settings: PlanSettings): Spell[] {
  const { durationMs, faultMs, pauseMs, seed } = settings;
  const random = seededRandom(seed);
  const next = faultsInTurn(settings, random);
  const away = MIRRORS.map(() => ({ untilMs: 0, lies: 0 }));
  const spells: Spell[] = [];
  for (let fromMs = pauseMs; fromMs + faultMs <= durationMs;) {
    const reliable = MIRRORS.filter((mirror) => (away[mirror]?.untilMs ?? 0) <= fromMs);
    if (reliable.length === 0) {
      fromMs = Math.min(...away.map(({ untilMs }) => untilMs));
      continue;
    }
    const { row, fault, roles } = next(fromMs, (before) =>
      before !== undefined && goodOf(before).some((mirror) => reliable.includes(mirror))
        ? before.roles
        : chooseRoles(reliable, random),
    );
    const { bad, second } = roles;
    const toMs = fromMs + faultMs;
    spells.push({
      fromMs,
      toMs,
      row: row.name,
      bad,
      turns: turnsWithin(row, faultMs),
      ...(fault && { second: { mirror: second, fault } }),
    });
    away[bad] = awayAfter(row, away[bad], toMs, settings);
    if (fault !== undefined) away[second] = awayAfter(undefined, away[second], toMs, settings);
    fromMs = toMs + pauseMs;
  }
  return spells;
}

/** Who is bad, who would be bad as well, and who is relied on. */
type Roles = { readonly bad: Place; readonly second: Place; readonly good: Place };

function chooseRoles(reliable: readonly Place[], random: Random): Roles {
  const good = pick(reliable, random) ?? 0;
  const others = MIRRORS.filter((each) => each !== good);
  const bad = pick(others, random) ?? 0;
  return { bad, second: others.find((each) => each !== bad) ?? bad, good };
}

/** What is bad about a mirror, and about a second one. */
type Faults = { readonly row: Row; readonly fault: Fault | undefined; readonly roles: Roles };

function goodOf({ fault, roles: { good, second } }: Faults): Place[] {
  return fault === undefined ? [good, second] : [good];
}

/** What the spell that begins at a time has; asked in the order of time. `choose` is told what is repeated, if it is. */
type NextFaults = (fromMs: number, choose: (before: Faults | undefined) => Roles) => Faults;

function faultsInTurn({ rows, durationMs }: PlanSettings, random: Random): NextFaults {
  const next = inTurns(rows, random);
  const repeated: Faults[] = [];
  const againFromMs = durationMs < LONG_MS ? Infinity : durationMs - REPEATED_MS;
  return (fromMs, choose) => {
    const again = fromMs < againFromMs ? undefined : repeated.shift();
    if (again !== undefined) return { ...again, roles: choose(again) };
    const roles = choose(undefined);
    const faults = { row: next(), fault: random() < SECOND_SHARE ? pick(SECONDS, random) : undefined, roles };
    if (fromMs >= FIRST_REPEATED_MS && fromMs < FIRST_REPEATED_MS + REPEATED_MS) repeated.push(faults);
    return faults;
  };
}

function inTurns(rows: readonly Row[], random: Random): () => Row {
  let left: Row[] = [];
  return () => {
    if (left.length === 0) left = [...rows];
    const row = pick(left, random);
    if (row === undefined) throw new Error('a soak without rows');
    left = left.filter((each) => each !== row);
    return row;
  };
}

function pick<T>(all: readonly T[], random: Random): T | undefined {
  return all[Math.floor(random() * all.length)];
}

/** The turns of a row in so long a time; no mirror asks to be left alone for minutes. */
function turnsWithin({ turns, load: { rate } }: Row, faultMs: number): Turn[] {
  const rowMs = rate.kind === 'steady' ? rate.forMs : faultMs;
  return turns.map(({ atMs, mirrors, change }) => ({
    atMs: (atMs * faultMs) / rowMs,
    mirrors,
    change: change === 'good' ? change : { ...change, fault: soonerBack(change.fault) },
  }));
}

function soonerBack(fault: Fault): Fault {
  if (fault.kind !== 'status' || fault.retryAfter === undefined) return fault;
  return { ...fault, retryAfter: String(Math.min(RETRY_AFTER_S, Number(fault.retryAfter))) };
}

type Away = { readonly untilMs: number; readonly lies: number };

/** Until when nobody relies on a mirror that was bad as in `row`, or as a second one is, until `toMs`. */
function awayAfter(
  row: Row | undefined,
  before: Away | undefined,
  toMs: number,
  settings: PlanSettings,
): Away {
  const lies = before?.lies ?? 0;
  const untilMs = Math.max(before?.untilMs ?? 0, settings.recoveryMs === 0 ? 0 : toMs + settings.recoveryMs);
  const states = row?.rondo?.states ?? [];
  if (states.includes('QUARANTINED')) {
    const { count, lastsMs } = liesWithin(lies, settings);
    return { untilMs: Math.max(untilMs, toMs + lastsMs), lies: count };
  }
  if (!states.includes('COOLING')) return { untilMs, lies };
  // Told again and again, it waits twice as long each time: no longer than it was told.
  const coolsMs = Math.max(RETRY_AFTER_S * 1000, settings.faultMs) + COOLING_MARGIN_MS;
  return { untilMs: Math.max(untilMs, toMs + coolsMs), lies };
}

/** How often a liar can have been heard once its spell is over, and how long the last quarantine lasts at the most: one that ends within the spell is followed by the next. */
function liesWithin(
  before: number,
  { faultMs, quarantineMs }: PlanSettings,
): { readonly count: number; readonly lastsMs: number } {
  let count = before;
  let lastsMs = 0;
  for (let atMs = 0; atMs < faultMs; atMs += lastsMs) {
    lastsMs = quarantineMs * 2 ** Math.min(count, DOUBLINGS);
    count += 1;
  }
  return { count, lastsMs };
}
