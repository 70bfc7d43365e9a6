import type { IncomingMessage } from 'node:http';

/** Each is two strings and a property: many tiny ones cost some twenty times their bytes. go sends four, a browser twenty. */
export const MAX_HEADERS = 200;
/**
 * What requests that are under way may hold together before only those are heard that are small and first on their
 * connection. As much as some 4000 of go's.
 */
const MAX_HELD_BYTES = 32 * 1024 * 1024;
/** What go asks is half of it, and a browser's first request not more. */
const SMALL_BYTES = 16 * 1024;
/** The objects of one request and its response, about. */
const REQUEST_BYTES = 8 * 1024;
/** What a header costs besides its text, about. */
const HEADER_BYTES = 150;

/** What all requests that are under way hold. */
export type HeldHeads = {
  /**
   * Counts a request until its bytes are released; undefined, and not counted, if there is no room for it. `isBehind`: it waits
   * for another one of its connection.
   */
  hold(request: IncomingMessage, isBehind: boolean): number | undefined;
  /** To be called once with what `hold` gave. */
  release(bytes: number): void;
};

/** Bounds the memory of requests by their sum: one connection holds little, and there are many of them. */
export function createHeldHeads(): HeldHeads {
  let heldBytes = 0;
  return {
    hold(request, isBehind) {
      const bytes = bytesOf(request);
      if (heldBytes + bytes > MAX_HELD_BYTES && (isBehind || bytes > SMALL_BYTES)) return undefined;
      heldBytes += bytes;
      return bytes;
    },
    release(bytes) {
      heldBytes -= bytes;
    },
  };
}

/** Whether the request has more headers than it may. Node 24 leaves out what is beyond its own limit and does not say so. */
export function hasTooManyHeaders({ rawHeaders }: IncomingMessage): boolean {
  return rawHeaders.length > 2 * MAX_HEADERS;
}

function bytesOf({ url = '', rawHeaders }: IncomingMessage): number {
  let bytes = REQUEST_BYTES + url.length + (rawHeaders.length / 2) * HEADER_BYTES;
  for (const text of rawHeaders) bytes += text.length;
  return bytes;
}
