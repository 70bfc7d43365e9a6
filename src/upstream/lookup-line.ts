/**
 * The line of name look-ups that redirects lead to. Look-ups run in threads of the process, of which a few may be in one at
 * a time, however slow it is (libuv: half of four); nothing ends one that has begun. So names that mirrors choose are
 * looked up one after the other, and those that the user chose never wait behind more than one of them.
 */
export type LookupLine = {
  /**
   * Takes a place for a look-up of `owner`, in turn with the other owners' places; `start` is called when it may begin,
   * perhaps at once, with what must be called when it has ended. Returns what gives the place up, if it has not begun;
   * undefined where this owner has too many.
   */
  join(owner: object, start: (over: () => void) => void): (() => void) | undefined;
  /** Whether the look-up under way is one of `owner`. */
  isOf(owner: object): boolean;
};

/** So many names of one mirror wait: more than one mirror has places to send files from. */
const MAX_WAITING = 4;

/** A line in which nobody stands. */
export function createLookupLine(): LookupLine {
  type Start = (over: () => void) => void;
  /** Whose turn is next comes first. */
  const lanes = new Map<object, Set<Start>>();
  let current: object | undefined;

  const next = (): void => {
    const [first] = lanes;
    if (current !== undefined || first === undefined) return;
    const [owner, lane] = first;
    lanes.delete(owner);
    const [start] = lane;
    if (start === undefined) return next();
    lane.delete(start);
    if (lane.size > 0) lanes.set(owner, lane);
    current = owner;
    let isOver = false;
    start(() => {
      if (isOver) return;
      isOver = true;
      current = undefined;
      next();
    });
  };

  return {
    join(owner, start) {
      const lane = lanes.get(owner) ?? new Set<Start>();
      if (lane.size >= MAX_WAITING) return undefined;
      lane.add(start);
      lanes.set(owner, lane);
      next();
      return () => void lane.delete(start);
    },
    isOf: (owner) => owner === current,
  };
}
