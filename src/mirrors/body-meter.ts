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

/**
 * Passes `body` on and measures how long its reader waits for it: only that is the mirror's doing. `onPart` hears
 * of each MiB, or of what a second brought, and of the rest.
 */
export function meterBody(
  body: AsyncIterable<Buffer>,
  bodyBytes: number | undefined,
  clock: Clock,
  onPart: (part: { readonly bytes: number; readonly waitedMs: number }) => void,
): MeteredBody {
  let receivedBytes = 0;
  let waitedMs = 0;
  let waitingSinceMs: number | undefined;
  let part = { bytes: 0, waitedMs: 0 };

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
    part = { bytes: part.bytes + bytes, waitedMs: part.waitedMs + ms };
    if (part.bytes >= PART_BYTES || part.waitedMs >= PART_MS) tell();
  };
  async function* read(): AsyncGenerator<Buffer, void, void> {
    try {
      waitingSinceMs = clock.now();
      for await (const chunk of body) {
        arrive(chunk.length);
        yield chunk;
        waitingSinceMs = clock.now();
      }
    } finally {
      arrive(0);
      tell();
    }
  }
  return {
    body: read(),
    progress: () => ({
      receivedBytes,
      waitedMs: waitedMs + waited(),
      idleMs: waited(),
      ...(bodyBytes === undefined ? {} : { leftBytes: Math.max(0, bodyBytes - receivedBytes) }),
    }),
  };
}
