import type { Clock } from '../kit/clock.ts';
import type { Exchange } from './exchange.ts';

/** How many times within the limit the readers are looked at. */
const LOOKS = 4;

/**
 * Cuts every exchange whose client has taken nothing of what waits for it for `limitMs` (at least; at most
 * a quarter more). One timer for all, so that a request pays nothing. Returns what ends it.
 */
export function cutStalledReaders(open: Iterable<Exchange>, clock: Clock, limitMs: number): () => void {
  const seen = new WeakMap<Exchange, { takenBytes: number; sinceMs: number }>();
  const look = (): void => {
    const nowMs = clock.now();
    for (const exchange of open) {
      const { socket } = exchange.response;
      const last = seen.get(exchange);
      // Nothing waits for this reader: whoever is slow, it is not the reader.
      if (socket === null || socket.writableLength === 0) seen.delete(exchange);
      else {
        const takenBytes = socket.bytesWritten - socket.writableLength;
        if (last === undefined || last.takenBytes !== takenBytes) {
          seen.set(exchange, { takenBytes, sinceMs: nowMs });
        } else if (nowMs - last.sinceMs >= limitMs) {
          exchange.cut(`the client took nothing for ${Math.round(limitMs / 1000)} s`);
        }
      }
    }
    timer = clock.after(limitMs / LOOKS, look, { background: true });
  };
  let timer = clock.after(limitMs / LOOKS, look, { background: true });
  return () => timer.cancel();
}
