import type { Clock } from '../kit/clock.ts';
import type { Exchange } from './exchange.ts';

/** The exchanges that are not over yet. */
export class OpenExchanges {
  readonly #open = new Set<Exchange>();
  #whenEmpty: (() => void)[] = [];

  add(exchange: Exchange): void {
    this.#open.add(exchange);
  }

  /** Whether it was there. */
  delete(exchange: Exchange): boolean {
    const deleted = this.#open.delete(exchange);
    if (this.#open.size === 0 && this.#whenEmpty.length > 0) {
      for (const resolve of this.#whenEmpty) resolve();
      this.#whenEmpty = [];
    }
    return deleted;
  }

  [Symbol.iterator](): IterableIterator<Exchange> {
    return this.#open.values();
  }

  /** Resolves when none is open, or after `timeoutMs`. */
  untilEmpty(clock: Clock, timeoutMs: number): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = clock.after(timeoutMs, resolve);
      this.#whenEmpty.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }
}
