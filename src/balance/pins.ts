/** Which mirror answered a module last: it goes to the top for that module for a while. */
export type Pins = {
  get(module: string, nowMs: number): string | undefined;
  set(module: string, mirror: string, nowMs: number): void;
  /** Forgets the pin if it names `mirror`. */
  drop(module: string, mirror: string): void;
};

/** The numbers of pins. Each is a configuration key. */
export type PinSettings = {
  /** How long one lasts; 0 switches them off. */
  readonly lastMs: number;
  /** How far below zero, in total weights, pins may drive a mirror before they are ignored (round-robin.ts). */
  readonly debt: number;
  /** A mirror that takes this many times as long as the best has no pins. */
  readonly slowdown: number;
};

/**
 * Whether a pin to a mirror counts: not after any failure, nor when it has become much slower than the best.
 * `usualMs` is undefined where nobody knows.
 */
export function pinHolds(
  mirror: {
    readonly failures: number;
    readonly usualMs: number | undefined;
    readonly bestMs: number | undefined;
  },
  { slowdown }: PinSettings,
): boolean {
  const { failures, usualMs, bestMs } = mirror;
  return failures === 0 && (usualMs === undefined || bestMs === undefined || usualMs <= slowdown * bestMs);
}

/** Pins that last `pinMs`, 0 being none at all; the oldest of more than `limit` is forgotten. */
export function createPins(pinMs: () => number, limit = 20_000): Pins {
  // A Map keeps insertion order, and pins last equally long: the first is the next to expire.
  const pins = new Map<string, { mirror: string; untilMs: number }>();
  return {
    get(module, nowMs) {
      const pin = pins.get(module);
      if (pin === undefined) return undefined;
      if (nowMs < pin.untilMs) return pin.mirror;
      pins.delete(module);
      return undefined;
    },
    set(module, mirror, nowMs) {
      const lastMs = pinMs();
      if (lastMs <= 0) return;
      pins.delete(module);
      pins.set(module, { mirror, untilMs: nowMs + lastMs });
      if (pins.size <= limit) return;
      const oldest = pins.keys().next();
      if (oldest.done !== true) pins.delete(oldest.value);
    },
    drop(module, mirror) {
      if (pins.get(module)?.mirror === mirror) pins.delete(module);
    },
  };
}
