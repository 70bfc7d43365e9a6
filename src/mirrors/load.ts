import type { FileClass } from '../balance/file-class.ts';
import type { Outcome } from '../balance/outcome.ts';
import { fewSlots, hasFree } from '../balance/slots.ts';
import { createWaitingLine, type Place, type WaitingLine } from '../balance/waiting-line.ts';
import type { Clock } from '../kit/clock.ts';
import { LATE, learnFirstByte } from './learn.ts';
import { isFull, type Mirror, type Waiting } from './mirror.ts';
import type { FleetNow } from './fleet.ts';
import type { Roster } from './roster.ts';

/** The load of the mirrors: slots, connections, and the line of those who wait for one of each. */
export type Load = {
  /** Whether an attempt may begin at `mirror` now: a slot and a connection are free, and nobody waits in line for it. */
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

/** An attempt: up to its first byte it has a slot, up to the end of its body a connection. */
export type RunningAttempt = {
  /** Past its soft limit: it waits on, but the mirror's slowness is on record, and others may have its slot. */
  late(): void;
  /** Its headers came, it failed, or (undefined) it was cancelled: the slot is free. Idempotent. */
  over(outcome: Outcome | undefined): void;
  /** Its body is over, too: others may have its connection, whatever becomes of what it brought. Idempotent. */
  gone(): void;
};

/** The load of all mirrors of `roster`, and of those that were in it when a request began. */
export function createLoad(roster: Roster, fleet: FleetNow, clock: Clock): Load {
  const line = createWaitingLine<Mirror>(() => fleet().settings.queueLimit);
  const { offer, occupy, release, leave } = createRooms(roster, line, clock);
  roster.onTurn((mirror) => {
    // Back after it was out: those who waited for it come in small numbers.
    if (mirror.state.gate.kind === 'half-open') mirror.slots = fewSlots(fleet().settings.slots);
    offer(mirror);
  });

  return {
    isFree: (mirror) => hasRoom(mirror) && !line.wanted(mirror),
    begin(mirror, fileClass, held) {
      if (held === undefined) mirror.inFlight += 1;
      else mirror.waiting.delete(held.waiting);
      const waiting = occupy(mirror, true);
      let isGone = false;
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
        gone() {
          mirror.waiting.delete(waiting);
          if (!isGone) leave(mirror);
          isGone = true;
        },
      };
    },
    queue: (mirrors, onOffer) =>
      line.join(mirrors, (mirror) => {
        // Held for the moment that it takes to begin: its age tells nothing.
        const waiting = occupy(mirror, false);
        mirror.inFlight += 1;
        const giveBack = (): void => {
          if (mirror.waiting.delete(waiting)) leave(mirror);
        };
        onOffer(mirror, { waiting, giveBack });
      }),
    queued: () => line.size,
    serve() {
      for (const mirror of roster.mirrors) offer(mirror);
    },
  };
}

/** Whether one more may be sent to it. */
function hasRoom(mirror: Mirror): boolean {
  return hasFree(mirror.slots, mirror.waiting.size) && !isFull(mirror);
}

/** What takes slots and connections and gives them back; what is given back is offered to those in line. */
function createRooms(roster: Roster, line: WaitingLine<Mirror>, clock: Clock) {
  const offer = (mirror: Mirror): void => {
    for (let { eligible, trial } = roster.standing(mirror); eligible; eligible = !trial) {
      if (!hasRoom(mirror) || !line.offer(mirror)) return;
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
  const leave = (mirror: Mirror): void => {
    mirror.inFlight -= 1;
    offer(mirror);
  };
  return { offer, occupy, release, leave };
}
