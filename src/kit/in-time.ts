import { sleep, type Clock } from './clock.ts';

/** What stands for the result of a task that has not come in time. */
export const LATE: unique symbol = Symbol('late');

/** Settles as `task` does, or resolves to LATE once `limitMs` are over; the task goes on then, and nobody hears of its end. */
export async function inTime<T>(task: Promise<T>, limitMs: number, clock: Clock): Promise<T | typeof LATE> {
  const settled = new AbortController();
  const late = (): typeof LATE => LATE;
  try {
    return await Promise.race([task, sleep(clock, limitMs, settled.signal).then(late, late)]);
  } finally {
    settled.abort();
  }
}
