import type { Clock, Timer } from '../../src/kit/clock.ts';

type Scheduled = { readonly dueMs: number; readonly order: number; fn: (() => void) | undefined };

/** So many timers fire before the event loop goes round: promises settle between any two of them all the same. */
const BATCH = 500;

/**
 * A virtual clock for hundreds of thousands of timers: a heap, and one `setImmediate` a timer. Node runs all that
 * promises have ready between two of those, so whatever a timer sets off has settled before the next one fires.
 * Nothing but promises may be waited for: no sockets, no files.
 */
export class FastClock implements Clock {
  #nowMs = 0;
  #order = 0;
  readonly #heap: Scheduled[] = [];
  #pending = 0;

  now(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs + Date.UTC(2026, 0, 1);
  }

  after(delayMs: number, fn: () => void): Timer {
    const timer: Scheduled = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, fn };
    this.#pending += 1;
    push(this.#heap, timer);
    return {
      cancel: () => {
        if (timer.fn !== undefined) this.#pending -= 1;
        timer.fn = undefined; // it stays in the heap until its time comes
      },
    };
  }

  /** Timers that are neither fired nor cancelled. */
  get pending(): number {
    return this.#pending;
  }

  /** Moves time to `endMs`, firing what falls due on the way. */
  async runUntil(endMs: number): Promise<void> {
    for (;;) {
      const done = await new Promise<boolean>((resolve, reject) => {
        for (let left = BATCH; left > 0; left -= 1) {
          setImmediate(() => {
            try {
              const fired = this.#fireNext(endMs);
              if (left === 1 || !fired) resolve(!fired);
            } catch (error) {
              reject(error instanceof Error ? error : new Error(String(error)));
            }
          });
        }
      });
      if (done && (this.#heap[0]?.dueMs ?? Infinity) > endMs) break;
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  #fireNext(endMs: number): boolean {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.dueMs > endMs) return false;
      pop(this.#heap);
      if (first.fn === undefined) continue;
      this.#nowMs = Math.max(this.#nowMs, first.dueMs);
      this.#pending -= 1;
      const { fn } = first;
      first.fn = undefined;
      fn();
      return true;
    }
  }
}

function isBefore(a: Scheduled, b: Scheduled): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}

function push(heap: Scheduled[], item: Scheduled): void {
  let index = heap.push(item) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !isBefore(item, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = item;
}

function pop(heap: Scheduled[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    const [left, right] = [heap[child], heap[child + 1]];
    if (left === undefined) break;
    if (right !== undefined && isBefore(right, left)) child += 1;
    const least = heap[child];
    if (least === undefined || !isBefore(least, last)) break;
    heap[index] = least;
    index = child;
  }
  heap[index] = last;
}
