/**
 * Runs `task` for every item, at most `limit` at once, and takes the next item only when there is room for it.
 * Rejects with the first failure, or with the signal's reason once `signal` aborts, in both cases when what was
 * under way has ended: nothing runs on behind the caller's back.
 */
export async function runAtOnce<T>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: number,
  task: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  try {
    for await (const item of items) {
      signal?.throwIfAborted();
      const ended: Promise<void> = task(item)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => running.delete(ended));
      running.add(ended);
      if (running.size >= limit) await Promise.race(running);
      if (failures.length > 0) break;
    }
  } finally {
    await Promise.all(running);
  }
  if (failures.length > 0) throw failures[0];
  signal?.throwIfAborted();
}
