/**
 * The order of one run (from 0): every contestant once, beginning one further each run. So A B A B … of two
 * becomes A B, B A, A B: neither always comes first, right after the other has heated the machine.
 */
export function turnsOf<T>(contestants: readonly T[], run: number): T[] {
  const start = contestants.length === 0 ? 0 : run % contestants.length;
  return [...contestants.slice(start), ...contestants.slice(0, start)];
}

/**
 * Calls `turn` for every contestant in every run, one after the other, in the order of `turnsOf`. Gives up
 * between two turns once `signal` is aborted.
 * @throws the signal's reason; whatever `turn` throws
 */
export async function takeTurns<T>(
  contestants: readonly T[],
  runs: number,
  signal: AbortSignal,
  turn: (contestant: T, run: number) => Promise<void>,
): Promise<void> {
  for (let run = 0; run < runs; run += 1) {
    for (const contestant of turnsOf(contestants, run)) {
      signal.throwIfAborted();
      await turn(contestant, run);
    }
  }
}
