import { listed, say, type Text } from '../words/text.ts';
import { notice } from '../events/notice.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import { explain, storeError } from './store-error.ts';

/** Watches writes to the copy and tells people when they begin to fail and when they work again. */
export type WriteHealth = {
  /** Runs one write; rejects with RondoError E_STORE `cannot <task>: <why>`. */
  watch<T>(task: Text, write: () => Promise<T>): Promise<T>;
  /** A write that nobody waits for has failed. */
  failed(error: unknown): void;
  /** Whether writes fail at present, as far as is known. */
  isFailing(): boolean;
};

/** On a disk that is nearly full small files are kept between large ones that are not. */
const CALM_AFTER_MS = 10_000;

/** One notice per change, not one a file: a full disk fails hundreds of writes of one build. */
export function createWriteHealth(
  emit: Emit,
  clock: Clock,
  goesOn: Text = say('answers go on without being kept'),
): WriteHealth {
  let failing = false;
  let failedAtMs = -Infinity;
  const failed = (error: unknown): void => {
    failedAtMs = clock.now();
    if (failing) return;
    failing = true;
    const { says, hint } =
      error instanceof RondoError ? { says: error.said.message, hint: error.said.hint } : explain(error);
    const why = hint === undefined ? says : listed([says, hint], '; ');
    emit(notice('error', say('the copy cannot be written, {goesOn}: {why}', { goesOn, why })));
  };
  return {
    failed,
    isFailing: () => failing,
    async watch(task, write) {
      try {
        const result = await write();
        if (failing && clock.now() - failedAtMs >= CALM_AFTER_MS) {
          failing = false;
          emit(notice('info', say('the copy can be written again')));
        }
        return result;
      } catch (error) {
        const failure = storeError(task, error);
        if (failure.kind === 'storage') failed(error);
        throw failure;
      }
    },
  };
}
