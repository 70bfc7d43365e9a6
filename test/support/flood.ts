import { setImmediate as breathe } from 'node:timers/promises';
import type { Socket } from 'node:net';

/**
 * Writes `chunk` again and again, as fast as the other side takes it, until the connection is closed or `maxBytes`
 * are written. Resolves with how much the kernel took; that includes what only waits in its buffers.
 */
export async function flood(
  socket: Socket,
  chunk: string | Buffer,
  maxBytes: number = Infinity,
): Promise<number> {
  const bytes = Buffer.from(chunk);
  let wake = (): void => undefined;
  socket.on('error', () => undefined);
  for (const event of ['drain', 'close']) socket.on(event, () => wake());
  while (!socket.destroyed && socket.bytesWritten < maxBytes) {
    const woken = new Promise<void>((resolve) => (wake = resolve));
    if (!socket.write(bytes)) await woken;
    // Others run in this process too.
    await breathe();
  }
  return socket.bytesWritten - socket.writableLength;
}

/** `bytes` in one chunk of a chunked body. */
export function chunkOf(bytes: string): string {
  return `${bytes.length.toString(16)}\r\n${bytes}\r\n`;
}
