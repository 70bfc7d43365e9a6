import type { Cleanup } from '../../test/support/temp-folder.ts';

/** Hooks that run once, the last one first. One that fails does not keep the others from running. */
export class CleanUp implements Cleanup {
  readonly #hooks: (() => Promise<void>)[] = [];

  /** See Cleanup. */
  after(hook: () => Promise<void>): void {
    this.#hooks.push(hook);
  }

  /** Runs and forgets them all. Never rejects; the errors come back. */
  async run(): Promise<unknown[]> {
    const errors: unknown[] = [];
    for (let hook = this.#hooks.pop(); hook !== undefined; hook = this.#hooks.pop())
      await hook().catch((error: unknown) => void errors.push(error));
    return errors;
  }
}
