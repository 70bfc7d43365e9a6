/** Resolves once whatever else waits for this thread has had its turn: for long work in small pieces. */
export function nextRound(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
