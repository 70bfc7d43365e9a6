import type { Emit } from '../events/events.ts';
import { explain, storeError } from './store-error.ts';

/** Watches writes to the copy and tells people when they begin to fail and when they work again. */
export type WriteHealth = {
  /** Runs one write; rejects with RondoError E_STORE `cannot <task>: <why>`. */
  watch<T>(task: string, write: () => Promise<T>): Promise<T>;
};

/** One notice per change, not one a file: a full disk fails hundreds of writes of one build. */
export function createWriteHealth(emit: Emit): WriteHealth {
  let failing = false;
  return {
    async watch(task, write) {
      try {
        const result = await write();
        if (failing) {
          failing = false;
          emit({ type: 'notice', level: 'info', message: 'the copy can be written again' });
        }
        return result;
      } catch (error) {
        const failure = storeError(task, error);
        if (!failing && failure.kind === 'storage') {
          failing = true;
          const { says, hint } = explain(error);
          const advice = hint === undefined ? '' : `; ${hint}`;
          const message = `the copy cannot be written, answers go on without being kept: ${says}${advice}`;
          emit({ type: 'notice', level: 'error', message });
        }
        throw failure;
      }
    },
  };
}
