import { setImmediate as nextRound } from 'node:timers/promises';
import type { Clock, Timer } from '../../src/kit/clock.ts';

type Scheduled = { readonly dueMs: number; readonly order: number; readonly fn: () => void };

/** Rounds of the event loop in which promise chains and `setImmediate` callbacks come to rest. */
const SETTLING_ROUNDS = 4;

/**
 * Resolves once the promise chains that are ready have run: several rounds of the event loop. It does not
 * wait for sockets, files or workers: a test with those awaits them itself.
 */
export async function settle(): Promise<void> {
  for (let round = 0; round < SETTLING_ROUNDS; round++) await nextRound();
}

/**
 * A clock that stands still until the test moves it. Wall time begins at 2026-01-01T00:00:00Z and moves
 * with the monotonic time, except for `wallJump`.
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  #wallOffsetMs: number;
  #order = 0;
  readonly #timers = new Set<Scheduled>();

  /** `startMs` is the first value of `now()`. */
  constructor(startMs = 0) {
    this.#nowMs = startMs;
    this.#wallOffsetMs = Date.UTC(2026, 0, 1) - startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs + this.#wallOffsetMs;
  }

  after(delayMs: number, fn: () => void): Timer {
    const timer: Scheduled = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, fn };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** Timers that are neither fired nor cancelled: 0 at the end of a test shows that nothing leaks. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves the wall clock alone, as NTP or a suspended laptop does. */
  wallJump(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  /**
   * Moves time by `ms`, firing what falls due in the order of its time (then of its making), also timers
   * that are made on the way; whatever a timer sets off settles before the next one fires.
   */
  async advance(ms: number): Promise<void> {
    const targetMs = this.#nowMs + ms;
    await settle();
    for (let timer = this.#next(targetMs); timer !== undefined; timer = this.#next(targetMs)) {
      this.#timers.delete(timer);
      this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
      timer.fn();
      await settle();
    }
    this.#nowMs = targetMs;
  }

  #next(targetMs: number): Scheduled | undefined {
    let first: Scheduled | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > targetMs) continue;
      const earlier =
        first === undefined ||
        timer.dueMs < first.dueMs ||
        (timer.dueMs === first.dueMs && timer.order < first.order);
      if (earlier) first = timer;
    }
    return first;
  }
}
