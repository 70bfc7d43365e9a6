import type { Socket } from 'node:net';

/**
 * How many requests of one connection may be under way. Clients that know of pipelining use a few, the go command
 * one; node reads as many as come as long as no answer waits to be taken.
 */
const MAX_PER_CONNECTION = 64;

/** Counts the requests of each connection that are not over. */
export type Pipelines = {
  /** False where the connection has too many, which is cut, and for whatever else of it had been read. */
  enter(socket: Socket): boolean;
  /** To be called once for each that has entered. */
  leave(socket: Socket): void;
};

/** No memory of connections that are gone. */
export function createPipelines(): Pipelines {
  const open = new WeakMap<Socket, number>();
  return {
    enter(socket) {
      if (socket.destroyed) return false;
      const count = (open.get(socket) ?? 0) + 1;
      open.set(socket, count);
      if (count <= MAX_PER_CONNECTION) return true;
      socket.destroy();
      return false;
    },
    leave(socket) {
      open.set(socket, (open.get(socket) ?? 1) - 1);
    },
  };
}
