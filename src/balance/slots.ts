/** The numbers of a mirror's slots. Each is a configuration key. */
export type SlotSettings = {
  /** The limit never falls below this, and a mirror that comes back starts with it. */
  readonly min: number;
  readonly max: number;
};

/** How many attempts may wait for their first byte from one mirror at a time. Plain data. */
export type Slots = {
  /** Its whole part counts. */
  readonly limit: number;
  /** When it was last cut. */
  readonly cutMs?: number;
};

/** One congestion is one cut, however many attempts felt it. */
const ONE_CUT_MS = 1000;

/** Nothing is known against the mirror yet. */
export function fullSlots({ max }: SlotSettings): Slots {
  return { limit: max };
}

/** A mirror that is back after it was out: few at first, so that those who waited do not push it down again. */
export function fewSlots({ min }: SlotSettings): Slots {
  return { limit: min };
}

/** After an answer: one more for as many answers as there are slots (additive increase). */
export function grown(slots: Slots, { max }: SlotSettings): Slots {
  return slots.limit >= max ? slots : { ...slots, limit: Math.min(max, slots.limit + 1 / slots.limit) };
}

/** After a time-out, a reset, 429 or 503: half of them (multiplicative decrease), once a second at the most. */
export function cut(slots: Slots, nowMs: number, { min }: SlotSettings): Slots {
  if (slots.cutMs !== undefined && nowMs - slots.cutMs < ONE_CUT_MS) return slots;
  return { limit: Math.max(min, slots.limit / 2), cutMs: nowMs };
}

/** With other numbers: within them, and all of them where nothing was known against the mirror. */
export function refitted(slots: Slots, before: SlotSettings, { min, max }: SlotSettings): Slots {
  const limit = slots.limit >= before.max ? max : Math.min(max, Math.max(min, slots.limit));
  return { ...slots, limit };
}

/** Whether one more may be sent to a mirror with `waiting` attempts that wait for their first byte. */
export function hasFree(slots: Slots, waiting: number): boolean {
  return waiting < Math.floor(slots.limit);
}
