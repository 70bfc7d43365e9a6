/** Which mirror answered a module last: it goes to the top for that module for a while. */
export type Pins = {
  get(module: string, nowMs: number): string | undefined;
  set(module: string, mirror: string, nowMs: number): void;
  /** Forgets the pin if it names `mirror`. */
  drop(module: string, mirror: string): void;
};

/** Pins that last `pinMs`; the oldest of more than `limit` is forgotten. Pass 0 to switch pins off. */
export function createPins(pinMs: number, limit = 20_000): Pins {
  // A Map keeps insertion order, and every pin lasts equally long: the first is the next to expire.
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
      if (pinMs <= 0) return;
      pins.delete(module);
      pins.set(module, { mirror, untilMs: nowMs + pinMs });
      if (pins.size <= limit) return;
      const oldest = pins.keys().next();
      if (oldest.done !== true) pins.delete(oldest.value);
    },
    drop(module, mirror) {
      if (pins.get(module)?.mirror === mirror) pins.delete(module);
    },
  };
}
