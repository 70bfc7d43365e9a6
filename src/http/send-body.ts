import { Readable } from 'node:stream';
import type { Exchange } from './exchange.ts';

/**
 * Sends `body` at the reader's own pace: the next chunk is asked for when the kernel has taken this one, for
 * until then its memory is in use, and afterwards it may be another's. `sendHead` is called before the first
 * byte, or before the end of an empty body, so that a body which fails at once can still be answered with an
 * error: then this rejects and nothing has left.
 *
 * Where something has left, this never ends a body that is not whole: if iterating throws, or gives more or
 * fewer than `expectedBytes`, the connection is cut. The byte that would complete `expectedBytes` waits
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
  const sent = new Sent(exchange, body);
  let last: Uint8Array | undefined;
  let takenBytes = 0;
  try {
    for await (const chunk of body) {
      if (exchange.closed) return;
      takenBytes += chunk.byteLength;
      if (expectedBytes !== undefined && takenBytes > expectedBytes) {
        throw new Error(`the body is longer than its ${expectedBytes} bytes`);
      }
      const now = takenBytes === expectedBytes ? chunk.subarray(0, -1) : chunk;
      // A copy: the chunk is not ours while the end of the iteration is awaited.
      if (now !== chunk) last ??= Uint8Array.from(chunk.subarray(-1));
      if (now.byteLength === 0) continue;
      if (!response.headersSent) sendHead();
      exchange.bodyBytes += now.byteLength;
      response.write(now, sent.done);
      await sent.wait();
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
    exchange.onClose = undefined;
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

/** Waits until the kernel has what was written, or until the end of the exchange. One write at a time. */
class Sent {
  readonly #exchange: Exchange;
  #isDone = false;
  #wake: (() => void) | undefined;

  constructor(exchange: Exchange, body: AsyncIterable<Uint8Array>) {
    this.#exchange = exchange;
    exchange.onClose = () => {
      if (body instanceof Readable) body.destroy();
      this.#wake?.();
    };
  }

  /** To be called when the write is done, whether it succeeded or not. */
  readonly done = (): void => {
    this.#isDone = true;
    this.#wake?.();
  };

  async wait(): Promise<void> {
    if (!this.#isDone && !this.#exchange.closed) await new Promise<void>(this.#whenWoken);
    this.#wake = undefined;
    this.#isDone = false;
  }

  readonly #whenWoken = (resolve: () => void): void => {
    this.#wake = resolve;
  };
}
