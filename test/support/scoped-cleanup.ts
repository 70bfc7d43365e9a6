import type { Cleanup } from './temp-folder.ts';

/** Runs `fn` and then, in reverse, what it left to be cleaned up; what fails there does not keep the rest from going. */
export async function withCleanup<T>(fn: (t: Cleanup) => Promise<T>): Promise<T> {
  const hooks: (() => Promise<void>)[] = [];
  try {
    return await fn({ after: (hook) => void hooks.push(hook) });
  } finally {
    for (const hook of hooks.toReversed()) await hook().catch(() => undefined);
  }
}
