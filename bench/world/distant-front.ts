import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { reservePort, type ReservedPort } from '../../test/support/reserved-port.ts';

/** A port of 127.0.0.1 in front of a server that listens nowhere itself. */
export class DistantFront {
  readonly port: number;
  readonly #web: Server;
  readonly #handshakeMs: number;
  readonly #opened: () => void;
  readonly #sockets = new Set<Socket>();
  #listening: Server | undefined;

  private constructor(web: Server, reserved: ReservedPort, handshakeMs: number, opened: () => void) {
    this.#web = web;
    this.port = reserved.port;
    this.#handshakeMs = handshakeMs;
    this.#opened = opened;
  }

  /**
   * Listens on a port that stays its own. Each connection is told to `opened` and handed to `web` after
   * `handshakeMs`.
   */
  static async open(web: Server, handshakeMs: number, opened: () => void): Promise<DistantFront> {
    const front = new DistantFront(web, await reservePort(), handshakeMs, opened);
    await front.listen();
    return front;
  }

  /** Accepts again. Nothing where it does. */
  async listen(): Promise<void> {
    if (this.#listening !== undefined) return;
    const options = { pauseOnConnect: this.#handshakeMs > 0, noDelay: true };
    const listening = createServer(options, (socket) => this.#accept(socket));
    this.#listening = listening;
    listening.listen({ port: this.port, host: '127.0.0.1', backlog: 4096 });
    await once(listening, 'listening');
  }

  /** Drops all connections and refuses new ones, until `listen`. */
  async refuse(): Promise<void> {
    const listening = this.#listening;
    if (listening === undefined) return;
    this.#listening = undefined;
    listening.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(listening, 'close');
  }

  #accept(socket: Socket): void {
    this.#opened();
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // A client may reset whenever it likes.
    socket.on('error', () => {});
    if (this.#handshakeMs === 0) {
      this.#web.emit('connection', socket);
      return;
    }
    setTimeout(() => {
      if (socket.destroyed) return;
      this.#web.emit('connection', socket);
      socket.resume();
    }, this.#handshakeMs);
  }
}
