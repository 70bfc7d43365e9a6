import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { TlsFacts } from './tls-facts.ts';

/** What is known of one connection. Times are on the monotonic clock, in milliseconds. */
export type SocketRecord = {
  readonly connectedAtMs: number;
  /** End of the TLS handshake; absent without TLS. */
  readonly securedAtMs?: number;
  readonly tls?: TlsFacts;
  /** The mirror's; empty where a proxy is in between. */
  readonly remoteAddress: string;
  /** Requests that began on it. */
  requests: number;
};

/** Counts the connections of one mirror. */
export type SocketBook = { open: number; opened: number };

const records = new WeakMap<object, SocketRecord>();
let starting: ((record: SocketRecord) => void) | undefined;
let subscribed = false;

/** Counts a socket whose TCP connection stands, until it closes. */
export function countSocket(book: SocketBook, socket: Socket): void {
  book.open += 1;
  book.opened += 1;
  socket.once('close', () => {
    book.open -= 1;
  });
}

/** Enters a socket that is ready for requests. */
export function enterSocket(socket: Socket, record: SocketRecord): void {
  subscribeOnce();
  records.set(socket, record);
}

/**
 * To be called in a handler's `onRequestStart`: `listener` gets the connection that the request is about to be
 * written to. undici publishes it right after, in the same turn (`undici:client:sendHeaders`); there is no other
 * way to learn it.
 */
export function onSocketOfStartingRequest(listener: (record: SocketRecord) => void): void {
  starting = listener;
}

function subscribeOnce(): void {
  if (subscribed) return;
  subscribed = true;
  subscribe('undici:client:sendHeaders', (message) => {
    const listener = starting;
    starting = undefined;
    // Others in this process may use undici too: only our connector's sockets are in the book.
    const record = records.get((message as { socket: object }).socket);
    if (record === undefined) return;
    listener?.(record);
    record.requests += 1;
  });
}
