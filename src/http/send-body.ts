import { Readable } from 'node:stream';
import type { Exchange } from './exchange.ts';

/**
 * Sends `body` at the reader's own pace: at most one chunk waits beyond the socket's own buffer. `sendHead`
 * is called before the first byte, or before the end of an empty body, so that a body which fails at once
 * can still be answered with an error: then this rejects and nothing has left.
 *
 * Where something has left, this never ends a body that is not whole: if iterating throws, or gives more or
 * fewer than `expectedBytes`, the connection is cut. The chunk that would complete `expectedBytes` waits
 * until the iteration has ended well, for after it a client would take the body as complete.
 *
 * When the client goes, a Readable is destroyed at once; any other iterable is left at its next chunk.
 */
export async function sendBody(
  exchange: Exchange,
  body: AsyncIterable<Uint8Array>,
  expectedBytes: number | undefined,
  sendHead: () => void,
): Promise<void> {
  const { response } = exchange;
  const socketFree = new SocketFree(exchange, body);
  let last: Uint8Array | undefined;
  let takenBytes = 0;
  try {
    for await (const chunk of body) {
      if (exchange.closed) return;
      takenBytes += chunk.byteLength;
      if (expectedBytes !== undefined && takenBytes > expectedBytes) {
        throw new Error(`the body is longer than its ${expectedBytes} bytes`);
      }
      if (takenBytes === expectedBytes) {
        last ??= chunk;
        continue;
      }
      if (!response.headersSent) sendHead();
      exchange.bodyBytes += chunk.byteLength;
      if (!response.write(chunk)) await socketFree.wait();
    }
    if (expectedBytes !== undefined && takenBytes < expectedBytes) {
      throw new Error(`the body ended after ${takenBytes} of ${expectedBytes} bytes`);
    }
    if (exchange.closed) return;
    if (!response.headersSent) sendHead();
    exchange.bodyBytes += last?.byteLength ?? 0;
    response.end(last);
  } catch (error) {
    if (!exchange.closed) throw error;
  } finally {
    socketFree.close();
  }
}

/** Reads `body` to its end and keeps nothing of it; stops early when the client goes. Rejects if it breaks. */
export async function awaitEnd(exchange: Exchange, body: AsyncIterable<Uint8Array>): Promise<void> {
  const iterator = body[Symbol.asyncIterator]();
  while (!exchange.closed) {
    if ((await iterator.next()).done === true) return;
  }
  await iterator.return?.();
}

/** Waits for room in the socket, or for the end of the exchange. */
class SocketFree {
  readonly #exchange: Exchange;
  #wake: (() => void) | undefined;
  readonly #onDrain = (): void => this.#wake?.();

  constructor(exchange: Exchange, body: AsyncIterable<Uint8Array>) {
    this.#exchange = exchange;
    exchange.response.on('drain', this.#onDrain);
    exchange.onClose = () => {
      if (body instanceof Readable) body.destroy();
      this.#wake?.();
    };
  }

  wait(): Promise<void> {
    if (this.#exchange.closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  close(): void {
    this.#exchange.response.off('drain', this.#onDrain);
    this.#exchange.onClose = undefined;
  }
}
