import type { RondoError } from '../errors/rondo-error.ts';
import type { VisitReport } from '../events/events.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import type { Found } from '../mirrors/answer.ts';
import type { Transfer, TransferEnd } from './transfer.ts';

/** How a transfer came out. */
export type Landing =
  | { readonly kind: 'right'; readonly mirror: string }
  /** It broke or was wrong; the error is absent where nobody is to blame. */
  | { readonly kind: 'failed'; readonly error?: RondoError }
  /** It contradicts what clients have of another transfer, or that one was quicker. */
  | { readonly kind: 'gave-way' };

/** A transfer that was slow, and goes on beside the one that races it. */
export type Beside = {
  readonly transfer: Transfer;
  readonly landing: Promise<Landing>;
  /** Resolves if it was right; rejects as `landing`; in all other cases never settles. */
  readonly won: Promise<Landing>;
};

/** Puts a transfer beside, however it may land. */
export function putBeside(transfer: Transfer, landing: Promise<Landing>): Beside {
  const won = landing.then((how) => (how.kind === 'right' ? how : new Promise<never>(() => undefined)));
  // Somebody looks at them only while he waits for something else.
  won.catch(() => undefined);
  return { transfer, landing, won };
}

/** What `task` comes to, unless the transfer beside turns out right before. */
export function unlessWon<T>(task: Promise<T>, beside: Beside | undefined): Promise<T | Landing> {
  return beside === undefined ? task : Promise.race([task, beside.won]);
}

/**
 * Resolves with `slow` when the body of `transfer` is, with `ended` when it has ended before. It is looked at every
 * `checkMs`; 0: never.
 * @throws as the transfer's end does.
 */
export async function untilSlow(
  { found, end }: Transfer,
  checkMs: number,
  clock: Clock,
): Promise<'slow' | 'ended'> {
  const ended = end.then(() => 'ended' as const);
  if (checkMs === 0) return ended;
  let timer: Timer | undefined;
  const slow = new Promise<'slow'>((resolve) => {
    const check = (): void => {
      if (found.isSlow()) resolve('slow');
      else timer = clock.after(checkMs, check);
    };
    timer = clock.after(checkMs, check);
  });
  try {
    return await Promise.race([ended, slow]);
  } finally {
    timer?.cancel();
  }
}

/** What is told of a mirror whose body was raced. */
export function slowReport(found: Found, durationMs: number): VisitReport {
  const { receivedBytes, idleMs, lately } = found.progress();
  const rate = (lately.bytes * 1000) / Math.max(1, lately.waitedMs);
  const how = idleMs >= lately.waitedMs / 4 ? `no byte for ${(idleMs / 1000).toFixed(1)} s` : rateWords(rate);
  const detail = `200, ${how} after ${receivedBytes} bytes`;
  return {
    mirror: found.mirror,
    outcome: { class: 'neutral', cause: 'body-slow', status: 200, detail },
    durationMs,
  };
}

function rateWords(bytesPerS: number): string {
  return bytesPerS < 1_000_000
    ? `${Math.ceil(bytesPerS / 1000)} kB/s`
    : `${(bytesPerS / 1e6).toFixed(1)} MB/s`;
}

/** What is told of it when it was whole and right before the other. */
export function firstAfterAll(mirror: string, durationMs: number): VisitReport {
  return {
    mirror,
    outcome: { class: 'ok', cause: 'ok', status: 200, detail: '200, whole before the other' },
    durationMs,
  };
}

/** What is to be continued of a transfer that is only slow: it might as well have broken here. */
export function asIfBroken({ bytes, position }: Transfer): TransferEnd {
  return {
    kind: 'broken',
    outcome: { class: 'http', cause: 'body-slow', detail: 'slow' },
    bytes,
    position,
  };
}
