import type { Place } from '../balance/waiting-line.ts';
import type { HeldSlot, Load } from './load.ts';
import type { Mirror } from './mirror.ts';

/** One request's place in the line for a slot, and the slots that it was offered there. */
export type TurnInLine = {
  /** Whether a slot of this mirror is held for it. */
  holds(mirror: Mirror): boolean;
  /** Hands the slot over to an attempt. */
  take(mirror: Mirror): HeldSlot | undefined;
  /** Waits for whichever of these is free first, keeping its place. False where the line is full. */
  waitFor(mirrors: readonly Mirror[]): boolean;
  /** Leaves the line, and gives back what it was offered and did not take. */
  leave(): void;
};

/** `onOffer` is called whenever a slot is held. */
export function createTurnInLine(load: Load, onOffer: () => void): TurnInLine {
  let place: Place<Mirror> | undefined;
  const offers = new Map<Mirror, HeldSlot>();
  const giveBack = (): void => {
    for (const slot of offers.values()) slot.giveBack();
    offers.clear();
  };
  return {
    holds: (mirror) => offers.has(mirror),
    take(mirror) {
      const slot = offers.get(mirror);
      offers.delete(mirror);
      return slot;
    },
    waitFor(mirrors) {
      giveBack();
      if (place !== undefined) {
        place.want(mirrors);
        return true;
      }
      place = load.queue(mirrors, (mirror, slot) => {
        place = undefined;
        offers.set(mirror, slot);
        onOffer();
      });
      return place !== undefined;
    },
    leave() {
      place?.leave();
      place = undefined;
      giveBack();
    },
  };
}
