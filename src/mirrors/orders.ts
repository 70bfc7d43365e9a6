import type { Clock } from '../kit/clock.ts';
import type { Mirror, Orders } from './mirror.ts';
import { createMirrorTimers } from './mirror-timers.ts';
import type { Roster } from './roster.ts';

/** What somebody asks for while the program runs; it is forgotten when it ends. What is absent stays as it is. */
export type MirrorOrder = {
  /** Replaces the configured weight, or gives it back. */
  readonly weight?: number | 'configured';
  /** No client's request goes to it for so long; 0 brings it back, Infinity is until further notice. */
  readonly drainForMs?: number;
};

/** Takes orders for the mirrors of a roster. */
export type OrderDesk = {
  /** False where there is no such mirror. */
  take(name: string, order: MirrorOrder): boolean;
  /** The roster has other mirrors: nothing is given back to those that are gone. */
  replaced(): void;
  close(): void;
};

/** Orders take effect at once: running requests end as they began. */
export function createOrderDesk(roster: Roster, clock: Clock): OrderDesk {
  const timers = createMirrorTimers(roster, clock);
  const changed = ({ orders }: Mirror, { weight, drainForMs }: MirrorOrder): Orders => {
    const { weight: oldWeight, drainedUntilMs: oldMs } = orders;
    const newWeight = weight === undefined ? oldWeight : weight === 'configured' ? undefined : weight;
    const untilMs = drainForMs === undefined ? oldMs : drainForMs > 0 ? clock.now() + drainForMs : undefined;
    return {
      ...(newWeight === undefined ? {} : { weight: newWeight }),
      ...(untilMs === undefined ? {} : { drainedUntilMs: untilMs }),
    };
  };
  const take = (mirror: Mirror, order: MirrorOrder): void => {
    roster.order(mirror, changed(mirror, order));
    if (order.drainForMs === undefined) return;
    timers.cancel(mirror);
    const forMs = order.drainForMs;
    if (forMs <= 0 || forMs === Infinity) return;
    timers.set(mirror, forMs, () => roster.order(mirror, changed(mirror, { drainForMs: 0 })));
  };
  return {
    take(name, order) {
      const mirror = roster.mirrors.find((each) => each.name === name && each.excluded === undefined);
      if (mirror !== undefined) take(mirror, order);
      return mirror !== undefined;
    },
    replaced: () => timers.replaced(),
    close: () => timers.close(),
  };
}
