import type { HedgeTokens } from '../balance/hedge.ts';
import type { Emit, FileKind } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import type { Visit } from './visit.ts';

/** The one hedge that a request may have. */
export type HedgeWatch = {
  /** A visit began: when its first byte will have been waited for long enough, on the monotonic clock. */
  expect(delayMs: number): number;
  /** Whether a second mirror should be asked now, and may be. */
  due(): boolean;
  /** Pays for it; false if there is nothing to pay with. */
  pay(): boolean;
  begun(slow: Visit, second: Visit): void;
  /** Tells what became of it, if there was one. */
  tell(taken: Visit | undefined, kind: FileKind, emit: Emit): void;
};

/** Tokens are shared by all requests; each request earns its part of one when it begins. */
export function createHedgeWatch(tokens: HedgeTokens, clock: Clock): HedgeWatch {
  let dueAtMs = Infinity;
  let hedge: { readonly slow: Visit; readonly second: Visit } | undefined;
  tokens.earn();
  return {
    expect(delayMs) {
      if (hedge !== undefined) return Infinity;
      dueAtMs = clock.now() + delayMs;
      return dueAtMs;
    },
    due: () => hedge === undefined && clock.now() >= dueAtMs && tokens.left() >= 1,
    pay: () => tokens.spend(),
    begun: (slow, second) => (hedge = { slow, second }),
    tell(taken, kind, emit) {
      if (hedge === undefined) return;
      const { slow, second } = hedge;
      emit({ type: 'hedge', from: slow.mirror.name, to: second.mirror.name, kind, won: taken === second });
    },
  };
}
