/** Wakes everybody who waits, each time something changed; waiters look for themselves what it was. */
export class Notifier {
  #waiters: (() => void)[] = [];

  /** Wakes all current waiters. */
  notify(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  /** Resolves at the next `notify`. Never rejects. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
    });
  }
}
