import type { FileClass } from '../balance/file-class.ts';
import type { Outcome } from '../balance/outcome.ts';
import { fewSlots, hasFree } from '../balance/slots.ts';
import { createWaitingLine, type Place } from '../balance/waiting-line.ts';
import type { Clock } from '../kit/clock.ts';
import { LATE, learnFirstByte } from './learn.ts';
import type { Mirror, Waiting } from './mirror.ts';
import type { FleetNow } from './fleet.ts';
import type { Roster } from './roster.ts';

/** The load of the mirrors: slots, and the line of those who wait for one. */
export type Load = {
  /** Whether an attempt may begin at `mirror` now: a slot is free, and nobody waits in line for it. */
  isFree(mirror: Mirror): boolean;
  /** An attempt begins, in a held slot or in one of its own. */
  begin(mirror: Mirror, fileClass: FileClass, held?: HeldSlot): RunningAttempt;
  /**
   * Takes a place in line for whichever of `mirrors` may be asked and is free first; `onOffer` gets a held slot. Undefined where the
   * line is full.
   */
  queue(
    mirrors: readonly Mirror[],
    onOffer: (mirror: Mirror, slot: HeldSlot) => void,
  ): Place<Mirror> | undefined;
  /** How many wait in line. */
  queued(): number;
  /** There may be more slots now: who waits for one is served. */
  serve(): void;
};

/** A slot without an attempt yet: it must be given back or begun. */
export type HeldSlot = { readonly waiting: Waiting; giveBack(): void };

/** An attempt up to its first byte. */
export type RunningAttempt = {
  /** Past its soft limit: it waits on, but the mirror's slowness is on record, and others may have its slot. */
  late(): void;
  /** Its headers came, it failed, or (undefined) it was cancelled: the slot is free. Idempotent. */
  over(outcome: Outcome | undefined): void;
};

/** The load of all mirrors of `roster`, and of those that were in it when a request began. */
export function createLoad(roster: Roster, fleet: FleetNow, clock: Clock): Load {
  const line = createWaitingLine<Mirror>(() => fleet().settings.queueLimit);

  const offer = (mirror: Mirror): void => {
    for (let { eligible, trial } = roster.standing(mirror); eligible; eligible = !trial) {
      if (!hasFree(mirror.slots, mirror.waiting.size) || !line.offer(mirror)) return;
    }
  };
  const occupy = (mirror: Mirror, tells: boolean): Waiting => {
    const waiting: Waiting = { sinceMs: clock.now(), tells };
    mirror.waiting.add(waiting);
    return waiting;
  };
  const release = (mirror: Mirror, waiting: Waiting): void => {
    if (mirror.waiting.delete(waiting)) offer(mirror);
  };

  roster.onTurn((mirror) => {
    // Back after it was out: those who waited for it come in small numbers.
    if (mirror.state.gate.kind === 'half-open') mirror.slots = fewSlots(fleet().settings.slots);
    offer(mirror);
  });

  return {
    isFree: (mirror) => hasFree(mirror.slots, mirror.waiting.size) && !line.wanted(mirror),
    begin(mirror, fileClass, held) {
      if (held !== undefined) mirror.waiting.delete(held.waiting);
      const waiting = occupy(mirror, true);
      const tell = (outcome: Outcome): void => {
        const nowMs = clock.now();
        const seen = { outcome, ms: nowMs - waiting.sinceMs };
        const { settings } = fleet();
        if (mirror.waiting.has(waiting)) learnFirstByte(mirror, fileClass, seen, { nowMs, settings });
      };
      return {
        late() {
          tell(LATE);
          release(mirror, waiting);
        },
        over(outcome) {
          if (outcome !== undefined) tell(outcome);
          release(mirror, waiting);
        },
      };
    },
    queue: (mirrors, onOffer) =>
      line.join(mirrors, (mirror) => {
        // Held for the moment that it takes to begin: its age tells nothing.
        const waiting = occupy(mirror, false);
        onOffer(mirror, { waiting, giveBack: () => release(mirror, waiting) });
      }),
    queued: () => line.size,
    serve() {
      for (const mirror of roster.mirrors) offer(mirror);
    },
  };
}
