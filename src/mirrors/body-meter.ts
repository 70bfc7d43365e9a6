import type { BodyProgress } from '../balance/slow-body.ts';
import type { Clock } from '../kit/clock.ts';

/** A body as its reader sees it, and how it is coming along. */
export type MeteredBody = {
  readonly body: AsyncIterable<Buffer>;
  progress(): BodyProgress;
};

/** A part is told when it is so large, or was waited for so long. */
const PART_BYTES = 1024 * 1024;
const PART_MS = 1000;

/** What is measured of a body. */
export type MeterOptions = {
  readonly clock: Clock;
  /** How long it is, where that was said. */
  readonly bodyBytes: number | undefined;
  /** How much waiting the latest rate is made of, at least (BodyProgress.lately). */
  readonly lateMs: number;
  /** Hears of each MiB, or of what a second brought, and of the rest. */
  readonly onPart: (part: { readonly bytes: number; readonly waitedMs: number }) => void;
  /** It has ended, broken, or its reader has left it: once. Whether it came to its end. */
  readonly onEnd: (whole: boolean) => void;
};

/** How far a body was. */
type Mark = { readonly bytes: number; readonly waitedMs: number };

/** Passes `body` on and measures how long its reader waits for it: only that is the mirror's doing. */
export function meterBody(
  body: AsyncIterable<Buffer>,
  { clock, bodyBytes, lateMs, onPart, onEnd }: MeterOptions,
): MeteredBody {
  let receivedBytes = 0;
  let waitedMs = 0;
  let waitingSinceMs: number | undefined;
  let part = { bytes: 0, waitedMs: 0 };
  /** Where the two latest stretches of `lateMs` began. */
  let marks: readonly [Mark, Mark] = [
    { bytes: 0, waitedMs: 0 },
    { bytes: 0, waitedMs: 0 },
  ];

  const waited = (): number => (waitingSinceMs === undefined ? 0 : clock.now() - waitingSinceMs);
  const tell = (): void => {
    if (part.bytes > 0 || part.waitedMs > 0) onPart(part);
    part = { bytes: 0, waitedMs: 0 };
  };
  const arrive = (bytes: number): void => {
    const ms = waited();
    waitingSinceMs = undefined;
    receivedBytes += bytes;
    waitedMs += ms;
    if (waitedMs - marks[1].waitedMs >= lateMs) marks = [marks[1], { bytes: receivedBytes, waitedMs }];
    part = { bytes: part.bytes + bytes, waitedMs: part.waitedMs + ms };
    if (part.bytes >= PART_BYTES || part.waitedMs >= PART_MS) tell();
  };
  async function* read(): AsyncGenerator<Buffer, void, void> {
    let whole = false;
    try {
      waitingSinceMs = clock.now();
      for await (const chunk of body) {
        arrive(chunk.length);
        yield chunk;
        waitingSinceMs = clock.now();
      }
      whole = true;
    } finally {
      arrive(0);
      tell();
      onEnd(whole);
    }
  }
  return {
    body: read(),
    progress: () => ({
      receivedBytes,
      idleMs: waited(),
      lately: {
        bytes: receivedBytes - marks[0].bytes,
        waitedMs: waitedMs + waited() - marks[0].waitedMs,
      },
      ...(bodyBytes === undefined ? {} : { leftBytes: Math.max(0, bodyBytes - receivedBytes) }),
    }),
  };
}
