import type { MirrorState } from './mirror-state.ts';
import { withoutTrial } from './observe.ts';
import type { Outcome } from './outcome.ts';

/**
 * Whether the trouble is this machine's own: one state for all mirrors (selection.md, "Local outage"). It begins when
 * the last that was heard of every mirror was a failure of this machine's network, or that its name has no address,
 * and ends for all with the first answer of anybody.
 */
export type Outage =
  /** Those of which nothing but such trouble was heard lately, with their states from before it. */
  | { readonly kind: 'none'; readonly troubled: ReadonlyMap<string, MirrorState> }
  | { readonly kind: 'outage'; readonly sinceMs: number; readonly why: string };

/** What one outcome means for the outage. */
export type OutageStep = {
  readonly outage: Outage;
  /** Whether the outcome says something of its mirror. */
  readonly counts: boolean;
  /** The states to go back to, by mirror, now that their failures have turned out to be nobody's. */
  readonly restored: ReadonlyMap<string, MirrorState>;
};

/** All is well. */
export const NO_OUTAGE: Outage = { kind: 'none', troubled: new Map() };

const NOBODY: ReadonlyMap<string, MirrorState> = new Map();

/** The outage after a visit or probe of `name`, whose state was `state`. `names` are all mirrors that are in use. */
export function afterOutcome(
  outage: Outage,
  {
    name,
    state,
    outcome,
    names,
    nowMs,
  }: { name: string; state: MirrorState; outcome: Outcome; names: readonly string[]; nowMs: number },
): OutageStep {
  if (outage.kind === 'outage') {
    return answered(outcome)
      ? { outage: NO_OUTAGE, counts: true, restored: NOBODY }
      : { outage: { ...outage, why: whyNow(outage.why, outcome) }, counts: false, restored: NOBODY };
  }
  if (outcome.cause === 'superseded') return { outage, counts: true, restored: NOBODY };
  if (!isTrouble(outcome)) {
    if (!outage.troubled.has(name)) return { outage, counts: true, restored: NOBODY };
    const troubled = new Map(outage.troubled);
    troubled.delete(name);
    return { outage: { kind: 'none', troubled }, counts: true, restored: NOBODY };
  }
  const troubled = new Map(outage.troubled);
  if (!troubled.has(name)) troubled.set(name, withoutTrial(state));
  // That a single name has no address may well be its owner's doing.
  const telling = outcome.class === 'local' || names.length > 1;
  if (!telling || !names.every((each) => troubled.has(each)))
    return { outage: { kind: 'none', troubled }, counts: true, restored: NOBODY };
  return {
    outage: { kind: 'outage', sinceMs: nowMs, why: outcome.detail },
    counts: false,
    restored: troubled,
  };
}

/** Only the mirrors of these names are still those of which anything was heard. */
export function remembering(outage: Outage, names: ReadonlySet<string>): Outage {
  if (outage.kind === 'outage') return outage;
  return { kind: 'none', troubled: new Map([...outage.troubled].filter(([name]) => names.has(name))) };
}

/** The state to go on with, `before` being that from before the trouble: a trial that is still under way goes on. */
export function restored(now: MirrorState, before: MirrorState | undefined): MirrorState {
  if (before === undefined) return now;
  const inTrial = now.gate.kind === 'half-open' && now.gate.trialSinceMs !== undefined;
  return inTrial ? { ...before, gate: now.gate } : before;
}

function isTrouble(outcome: Outcome): boolean {
  return outcome.class === 'local' || outcome.cause === 'dns';
}

/** Trouble changes: the names are back, and a portal stands in the way now. */
function whyNow(before: string, { cause, detail }: Outcome): string {
  return cause === 'superseded' ? before : detail;
}

/** Somebody out there said something. */
function answered({ class: found, cause, status }: Outcome): boolean {
  if (cause === 'superseded' || found === 'local') return false;
  return found !== 'http' || status !== undefined;
}
